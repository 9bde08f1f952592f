/**
 * The page that the tests drive. Everything that a handler gets is written down in `sessionStorage` at once, so the
 * record is as complete as the tab's life, over reloads and crashes.
 */
import { connect, TabmuxError, type ConnectOptions, type Relay } from 'tabmux'

/** One thing that a handler was told. */
export interface Recorded {
  readonly type: string
  readonly text?: string
  readonly offset?: number
  readonly agentSeq?: number
  readonly replayed?: boolean
  readonly event: unknown
}

/** The options that cross from a test to the page. */
export type PageOptions = Omit<ConnectOptions, 'worker' | 'token'> & {
  token: string
  lifetime?: 'short' | 'extended'
  /** The token is given by a function that takes this long. */
  tokenDelayMs?: number
  /** The page has handlers in this consumer group. What they are told is written down for all tabs together. */
  group?: string
}

const RECORD = 'record:'
let count = Object.keys(sessionStorage).filter((key) => key.startsWith(RECORD)).length

const record = (recorded: Recorded): void => {
  const text = JSON.stringify(recorded)
  // What is too large for the way from the page to the test is written down without its content.
  const short = text.length > 10_000 ? JSON.stringify({ ...recorded, event: null }) : text
  sessionStorage.setItem(`${RECORD}${count++}`, short)
}

const records = (): Recorded[] =>
  Array.from({ length: count }, (_, index) =>
    JSON.parse(sessionStorage.getItem(`${RECORD}${index}`) ?? 'null'),
  )

const textOf = (event: object): string | undefined => {
  const message = 'message' in event ? event.message : undefined
  return typeof message === 'object' && message !== null && 'text' in message
    ? String(message.text)
    : undefined
}

/** One thing that a handler in a group was told. */
export interface Acted {
  /** The tab that has handled it. */
  readonly tab: string
  readonly group: string
  readonly text: string
  /** When, and as the how manieth of its page: more than one can be in a millisecond. */
  readonly at: readonly [ms: number, count: number]
}

const ACTED = 'acted:'
/** Names the tab over its reloads. */
const tab = (sessionStorage['tab'] ??= crypto.randomUUID())

let acts = 0

const act = (group: string, text: string): void => {
  const acted: Acted = { tab, group, text, at: [Date.now(), acts++] }
  localStorage.setItem(`${ACTED}${crypto.randomUUID()}`, JSON.stringify(acted))
}

/** What all tabs were told, in the order of their clocks. */
const acted = (): Acted[] =>
  Object.entries(localStorage)
    .flatMap(([key, value]): Acted[] => (key.startsWith(ACTED) ? [JSON.parse(value)] : []))
    .toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])

/** How the next events of a group are handled. */
const how = {
  /** They are done when the test says so. */
  isHeld: false,
  release: (): void => undefined,
  /** All else in the page is held up for so long. */
  blocksMs: 0,
}

const actIn = (relay: Relay, group: string): void => {
  relay.on.messageCreated(
    async ({ message }) => {
      act(group, message.text)
      for (const until = Date.now() + how.blocksMs; Date.now() < until;);
      if (how.isHeld) await new Promise<void>((resolve) => (how.release = resolve))
    },
    { group },
  )
  relay.on.resynced(({ gapDetected, cause }) => gapDetected && act(group, `gap: ${cause}`), { group })
}

/** Bundlers want to see the whole expression, options included. */
const workers = {
  short: () =>
    new SharedWorker(new URL('./relay.worker.ts', import.meta.url), { type: 'module', name: 'tabmux-short' }),
  extended: () =>
    new SharedWorker(new URL('./relay.worker.ts', import.meta.url), {
      type: 'module',
      name: 'tabmux-extended',
      extendedLifetime: true,
    }),
}

const open = ({ lifetime = 'short', tokenDelayMs, group, ...options }: PageOptions): Relay => {
  const slowly = () => {
    app.tokensAsked += 1
    return new Promise<string>((resolve) => setTimeout(resolve, tokenDelayMs, options.token))
  }
  const agent = tokenDelayMs === undefined ? {} : { token: slowly, agent: 'alice' }
  const relay = connect({ ...options, ...agent, worker: workers[lifetime] })
  relay.on.any((event, meta) => {
    const text = textOf(event)
    const plain =
      event instanceof TabmuxError ? { type: 'error', code: event.code, message: event.message } : event
    record({ type: event.type, ...(text !== undefined && { text }), ...meta, event: plain })
  })
  if (group) actIn(relay, group)
  return relay
}

const app = {
  open,
  records,
  tab,
  acted,
  how,
  connect,
  workers,
  relay: null as Relay | null,
  /** How often a token function that takes its time was called. */
  tokensAsked: 0,
}
export type App = typeof app
declare global {
  var app: App
}
globalThis.app = app

const asked = new URLSearchParams(location.search).get('options')
if (asked) app.relay = open(JSON.parse(asked))
