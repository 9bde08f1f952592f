/** The page that the tests drive. */
import { connect, type ConnectOptions, type Relay } from 'tabmux'

/** The options that cross from a test to the page. */
export type PageOptions = Omit<ConnectOptions, 'worker' | 'token'> & {
  token: string
  lifetime?: 'short' | 'extended'
  /** The token is given by a function that takes this long. */
  tokenDelayMs?: number
  /** The page has handlers in this consumer group. What they are told is written down for all tabs together. */
  group?: string
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
  if (group) actIn(relay, group)
  return relay
}

const app = {
  open,
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
