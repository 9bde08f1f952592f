import type { BridgeError, ErrorCode } from './bridge.js'

/** An error of tabmux. `code` says which; `docs/errors.md` says what to do about it. */
export class TabmuxError extends Error {
  /** `'TabmuxError'`, whatever minifiers make of the class. */
  override readonly name = 'TabmuxError'
  /** Makes an error an event like any other for `on.any`. */
  readonly type = 'error'
  /** What went wrong, for programs; the message says it for people. */
  readonly code: ErrorCode

  /** Errors are made by tabmux; an app makes them only to try its own handlers. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An error as plain data, which is how it crosses the bridge. */
export const encodeError = (error: TabmuxError): BridgeError => ({ code: error.code, message: error.message })

/** The inverse of {@link encodeError}. */
export const decodeError = ({ code, message }: BridgeError): TabmuxError => new TabmuxError(code, message)

/** How a value reads in an error message: short, and never the text of a string that may be a secret. */
export const describe = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string')
    return value === '' ? 'an empty string' : `a string of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
