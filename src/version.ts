/** The package's version; the relay is told it as `origin_version`. */
export const VERSION = '0.1.0'
