/** Where the client says what happens to it, for people to read. */

/**
 * Takes what the client has to say; `console` is one, and so are most loggers. Methods that are left out say nothing.
 *
 * - `error`: a `TabmuxError` that no handler of `on.error` is there for, or that came of telling one.
 * - `warn`: a text, and what it is about: events may be missing, or the hub has given up, and there is no handler of
 *   `on.resynced` or `on.permanentlyDisconnected` to be told so.
 * - `info`: a text: the socket has opened, has closed, or will be tried again.
 * - `debug`: a text, and details: the state has changed, or a resync is complete.
 *
 * No message has a token or the content of an event in it.
 */
export interface Logger {
  readonly debug?: (...said: readonly unknown[]) => void
  readonly info?: (...said: readonly unknown[]) => void
  readonly warn?: (...said: readonly unknown[]) => void
  readonly error?: (...said: readonly unknown[]) => void
}

/** What is said at which level. */
export type LogLevel = keyof Logger

/** The console, without what is not a problem. Looked up when it is needed: tests and tools replace its methods. */
export const defaultLogger: Logger = {
  warn: (...said) => console.warn(...said),
  error: (...said) => console.error(...said),
}

/** Says it. A logger that throws must not keep an event from anybody. */
export const log = (logger: Logger, level: LogLevel, ...said: readonly unknown[]): void => {
  try {
    logger[level]?.(...said)
  } catch (error) {
    console.error(error)
  }
}
