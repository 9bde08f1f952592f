/** The options of `npm run bench`. */
import { parseArgs } from 'node:util'

/** Everybody, in the order in which they run. */
export const CONTESTANTS = ['tabmux', 'sdk', 'bare', 'naive', 'raw', 'leader', 'limit']

/** What they are called where people read it. @type {Readonly<Record<string, string>>} */
export const NAMES = {
  tabmux: 'tabmux',
  sdk: 'SDK, a socket a tab',
  bare: 'bare WebSocket a tab',
  naive: 'SharedWorker, Comlink call each',
  raw: 'SharedWorker, postMessage each',
  leader: 'broadcast-channel leader',
  limit: 'limit: batches from memory',
  'tabmux-short': 'tabmux, no extendedLifetime',
  'tabmux-counted': 'tabmux',
  worker: 'tabmux/worker',
}

/** The measures that `--only` takes. */
export const MEASURES = /** @type {const} */ ([
  'throughput',
  'latency',
  'memory',
  'reload',
  'resync',
  'disk',
  'group',
  'growth',
  'size',
])

/**
 * @typedef {object} Options
 * @property {'chromium' | 'firefox'} browser
 * @property {boolean} listened Pages are Playwright's, which listens to each frame of their sockets.
 * @property {boolean} smoke Small, and without targets: only whether everything works.
 * @property {boolean} profile Writes CPU profiles of tabmux's worker and tab under burst, and nothing else.
 * @property {readonly string[]} only
 * @property {readonly string[]} contestants
 * @property {readonly number[]} tabs
 * @property {number} rounds
 * @property {number} burst Events in a burst.
 * @property {number} steady Events at the steady rate.
 * @property {number} long Events in the long run.
 */

const full = { tabs: [1, 4, 8, 16], rounds: 3, burst: 20_000, steady: 500, long: 1_000_000 }
const small = { tabs: [2], rounds: 1, burst: 200, steady: 20, long: 2_000 }

const listed = (
  /** @type {string} */ name,
  /** @type {string | undefined} */ text,
  /** @type {readonly string[]} */ known,
) => {
  const chosen = text?.split(',') ?? known
  const unknown = chosen.find((each) => !known.includes(each))
  if (unknown !== undefined) throw new Error(`--${name} takes some of ${known.join(',')}; got ${unknown}.`)
  return chosen
}

/** @returns {Options} */
export const readOptions = () => {
  const text = /** @type {const} */ ({ type: 'string' })
  const flag = /** @type {const} */ ({ type: 'boolean', default: false })
  const { values } = parseArgs({
    options: {
      browser: text,
      only: text,
      contestants: text,
      tabs: text,
      rounds: text,
      listened: flag,
      smoke: flag,
      profile: flag,
    },
  })
  const { browser = 'chromium', listened, smoke, profile } = values
  if (browser !== 'chromium' && browser !== 'firefox')
    throw new Error(`--browser takes chromium or firefox; got ${browser}.`)
  const sizes = smoke ? small : full
  const tabs = values.tabs?.split(',').map(Number) ?? sizes.tabs
  const rounds = values.rounds === undefined ? sizes.rounds : Number(values.rounds)
  for (const count of [...tabs, rounds])
    if (!Number.isSafeInteger(count) || count < 1)
      throw new Error('--tabs and --rounds take whole numbers from 1.')
  return {
    ...sizes,
    browser,
    listened,
    smoke,
    profile,
    tabs,
    rounds,
    // `npm test` checks the sizes itself.
    only: listed('only', values.only, MEASURES).filter((measure) => !smoke || measure !== 'size'),
    contestants: listed('contestants', values.contestants, CONTESTANTS),
  }
}
