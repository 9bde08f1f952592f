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
  readonly token: string
  readonly channels: readonly { readonly name: string; readonly topic: string }[]
  readonly people: readonly Person[]
}

/** What the relay answers to everything. */
type Envelope =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } }

export const loadConfig = async (): Promise<Config> => {
  const response = await fetch('/config.json', { cache: 'no-store' })
  if (!response.ok) throw new Error(`The demo's server answered ${response.status}`)
  return (await response.json()) as Config
}

/** Asks the demo's server for a fault, such as `cut` or `flood?count=1000`. */
export const control = async (action: string): Promise<void> => {
  const response = await fetch(`/control/${action}`, { method: 'POST' })
  if (!response.ok) throw new Error(`${action}: the demo's server answered ${response.status}`)
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
    const { relayUrl, token } = this.#config
    const response = await fetch(relayUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as Envelope
    if (!answer.ok) throw new Error(answer.error.message)
  }
}
