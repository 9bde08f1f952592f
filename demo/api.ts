/** HTTP: the demo server's configuration and fault controls, and the relay's API that agents post through. */

/** One of the simulated agents. */
export interface Person {
  readonly name: string
  readonly role: string
  readonly status: string
}

/** What the demo's server tells the page. */
export interface Config {
  readonly relayUrl: string
  /** The agent whose events the page shows. */
  readonly agent: string
  readonly channels: readonly { readonly name: string; readonly topic: string }[]
  readonly people: readonly Person[]
}

/** What the relay answers to everything. */
type Envelope =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } }

/** How long the demo's server may take: a network that swallows everything is as good as none. In milliseconds. */
const PATIENCE_MS = 5_000

const ask = async (path: string): Promise<Response> => {
  const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) })
  if (!response.ok) throw new Error(`The demo's server answered ${response.status}`)
  return response
}

export const loadConfig = async (): Promise<Config> => (await (await ask('/config.json')).json()) as Config

/** The agent's token. It is asked for anew each time, and kept nowhere. */
export const fetchToken = async (): Promise<string> => (await ask('/token')).text()

/** Asks the demo's server for a fault, such as `cut` or `flood?count=1000`. */
export const control = async (action: string): Promise<void> => {
  const response = await fetch(`/control/${action}`, { method: 'POST' })
  if (!response.ok) throw new Error(`${action}: the demo's server answered ${response.status}`)
}

/** What browsers say of it names neither cause nor cure. */
const unreachable = (): never => {
  throw new Error('the relay cannot be reached')
}

/** The relay's API for one agent, as far as the composer needs it. */
export class RelayApi {
  readonly #config: Config

  constructor(config: Config) {
    this.#config = config
  }

  post(channel: string, text: string): Promise<void> {
    return this.#call(`/v1/channels/${encodeURIComponent(channel)}/messages`, { text, mode: 'wait' })
  }

  reply(messageId: string, text: string): Promise<void> {
    return this.#call(`/v1/messages/${encodeURIComponent(messageId)}/replies`, { text })
  }

  dm(to: string, text: string): Promise<void> {
    return this.#call('/v1/dm', { to, text, mode: 'wait' })
  }

  react(messageId: string, emoji: string): Promise<void> {
    return this.#call(`/v1/messages/${encodeURIComponent(messageId)}/reactions`, { emoji })
  }

  async #call(path: string, body: object): Promise<void> {
    const token = await fetchToken().catch(unreachable)
    const response = await fetch(this.#config.relayUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(unreachable)
    const answer = (await response.json()) as Envelope
    if (!answer.ok) throw new Error(answer.error.message)
  }
}
