/**
 * The page that is measured: starts the contestant that its address names, and counts. A tab loads the code of its own
 * contestant only.
 */
import { now, type OnEvent, type Start, type Started } from '../contestants/contestant.js'
import { COUNTING_CHANNEL, type Written } from '../contestants/written.js'

const contestants: Readonly<Record<string, () => Promise<{ readonly start: Start }>>> = {
  tabmux: () => import('../contestants/tabmux.js'),
  'tabmux-short': () => import('../contestants/tabmux-short.js'),
  'tabmux-group': () => import('../contestants/tabmux-group.js'),
  'tabmux-counted': () => import('../contestants/tabmux-counted.js'),
  sdk: () => import('../contestants/sdk.js'),
  bare: () => import('../contestants/bare.js'),
  naive: () => import('../contestants/naive.js'),
  raw: () => import('../contestants/raw.js'),
  leader: () => import('../contestants/leader.js'),
  limit: () => import('../contestants/limit.js'),
}

/** What came since `expect`. */
interface Received {
  /** When the last event's handler was called, in milliseconds since 1970. */
  readonly at: number
  /** From the relay's sending to the handler, in milliseconds, one number an event. Empty for events without a time. */
  readonly latencies: readonly number[]
  /** How many events did not follow on the one before them. */
  readonly outOfOrder: number
}

let expected = 0
let count = 0
let previous = -1
let outOfOrder = 0
let latencies: number[] = []
let received: Promise<Received> | null = null
let finish: () => void = () => undefined

/** From now on it counts to so many. */
const expect = (events: number): void => {
  expected = events
  count = outOfOrder = 0
  previous = -1
  latencies = []
  received = new Promise((resolve) => (finish = () => resolve({ at: now(), latencies, outOfOrder })))
  if (events === 0) finish()
}

/** A text is the event's index, when it was sent (0: not measured) and filling. */
const onEvent: OnEvent = ({ message: { text } }) => {
  const index = Number.parseInt(text)
  if (index !== previous + 1) outOfOrder += 1
  previous = index
  const sentAt = Number(text.slice(text.indexOf(' ') + 1, text.lastIndexOf(' ')))
  if (sentAt > 0) latencies.push(now() - sentAt)
  if (++count === expected) finish()
}

const run = async (): Promise<{ started: Started; ms: number }> => {
  const asked = new URLSearchParams(location.search)
  // The server answers when the page may begin, with the number of events that it has missed.
  expect(await (await fetch('/gate')).json())
  const begun = performance.now()
  const load = contestants[asked.get('contestant') ?? '']
  if (!load) throw new Error(`expected a contestant, got ${location.search}`)
  const { start } = await load()
  const started = await start({ baseUrl: asked.get('relay') ?? '', token: asked.get('token') ?? '' }, onEvent)
  await received
  return { started, ms: performance.now() - begun }
}

/** What the counted worker has written to disk. */
const written = (): Promise<Written> =>
  new Promise((resolve) => {
    const channel = new BroadcastChannel(COUNTING_CHANNEL)
    channel.addEventListener('message', ({ data }) => resolve(data))
    channel.postMessage('report')
  })

const running = run()
const bench = {
  /** How long it took from the start of the script until the contestant was ready and had what it had missed, in ms. */
  ready: () => running.then(({ ms }) => ms),
  expect,
  received: () => received,
  /** How many have come so far, for the message of a measure that was given up. */
  count: () => count,
  burst: (events: number) => running.then(({ started }) => started?.burst(events)),
  written,
}
/** What the measures call in a page. */
export type Bench = typeof bench
declare global {
  var bench: Bench
}
globalThis.bench = bench
