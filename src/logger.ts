/** Where the client says what happens to it, for people to read. */

/**
 * Takes what the client has to say; `console` is one, and so are most loggers. Methods that are left out say nothing.
 *
 * - `error`: a `TabmuxError` that no handler of `on.error` is there for, or that came of telling one.
 * - `warn`: a text, and the `resynced`: events may be missing, and there is no handler of `on.resynced` to be told so.
 * - `info`: a text, and the notice: the socket has opened, has closed, will be tried again, or no longer.
 * - `debug`: a text, and details: the state has changed, or all that was missed has come.
 *
 * No message has a token or the content of an event in it.
 */
export interface Logger {
  /** For changes of the state, and for missed events that have all come. */
  readonly debug?: (...said: readonly unknown[]) => void
  /** For what happens to the socket. */
  readonly info?: (...said: readonly unknown[]) => void
  /** For events that may be missing, where no handler is told so. */
  readonly warn?: (...said: readonly unknown[]) => void
  /** For errors that no handler takes. */
  readonly error?: (...said: readonly unknown[]) => void
}

/** The console, without what is not a problem. Looked up when it is needed: tests and tools replace its methods. */
export const defaultLogger: Logger = {
  warn: (...said) => console.warn(...said),
  error: (...said) => console.error(...said),
}
