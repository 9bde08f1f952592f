/** What the kit says when it cannot do what it is asked for. */

/** A browser that Playwright drives. */
export type BrowserName = 'chromium' | 'firefox' | 'webkit'

/** The browsers that can be driven to do what only Chromium's protocol offers. */
const SUPPORTED = ['chromium'] as const satisfies readonly BrowserName[]

/**
 * A tool of the kit was used in a browser that gives no way to it. `code` tells it from other errors.
 *
 * @example
 * test.skip(({ browserName }) => browserName !== 'chromium', 'only Chromium can kill a SharedWorker')
 */
export class UnsupportedBrowserError extends Error {
  /** `'UnsupportedBrowserError'`, whatever minifiers make of the class. */
  override readonly name = 'UnsupportedBrowserError'
  /** What went wrong, for programs; the message says it for people. */
  readonly code = 'unsupported_browser'
  /** The tool: `killWorker`, `freezeTab`, … */
  readonly tool: string
  /** The browser that the test runs in. */
  readonly browserName: string
  /** The browsers that can. */
  readonly supported: readonly BrowserName[] = SUPPORTED

  /** The kit makes it: for one of its tools, and the browser that the test runs in. */
  constructor(tool: string, browserName: string) {
    super(
      `${tool}: expected ${SUPPORTED.join(' or ')}, got ${browserName}, which gives a test no way to do this. ` +
        `Skip the test there: test.skip(({ browserName }) => browserName !== '${SUPPORTED[0]}')`,
    )
    this.tool = tool
    this.browserName = browserName
  }
}

/** A condition that the kit waited for has not come. */
export class WaitError extends Error {
  /** `'WaitError'`, whatever minifiers make of the class. */
  override readonly name = 'WaitError'
  /** What went wrong, for programs; the message says it for people. */
  readonly code = 'timeout'
}
