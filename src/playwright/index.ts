/**
 * Tests of apps that use tabmux, with the reference relay in process: {@link test} and {@link expect}.
 * @module
 */
export {
  test,
  type KitFixtures,
  type KitOptions,
  type OpenOptions,
  type TabsOf,
  type Undo,
} from './fixtures.js'
export { expect, type MatcherOptions } from './matchers.js'
export { UnsupportedBrowserError, WaitError, type BrowserName } from './errors.js'
export type { EventPattern, ExpectedEvent } from './pattern.js'
export type { Received } from './recorder.js'
export type { Evaluate, Tab } from './tab.js'
export type { WorkerLog } from './worker-logs.js'
