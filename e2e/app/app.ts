/** The page that the tests drive. */
import { connect, type ConnectOptions, type Relay } from 'tabmux'

/** The options that cross from a test to the page. */
export type PageOptions = Omit<ConnectOptions, 'worker' | 'token'> & {
  token: string
  lifetime?: 'short' | 'extended'
  /** The token is given by a function that takes this long. */
  tokenDelayMs?: number
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

const open = ({ lifetime = 'short', tokenDelayMs, ...options }: PageOptions): Relay => {
  const slowly = () => {
    app.tokensAsked += 1
    return new Promise<string>((resolve) => setTimeout(resolve, tokenDelayMs, options.token))
  }
  const agent = tokenDelayMs === undefined ? {} : { token: slowly, agent: 'alice' }
  return connect({ ...options, ...agent, worker: workers[lifetime] })
}

const app = {
  open,
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
