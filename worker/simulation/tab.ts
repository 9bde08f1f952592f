/** A tab: what it has handled, and the position that survives its reloads. */
import type { Batch, Hello, Position, TabPort } from '../../src/bridge.js'
import type { Hub, Tab } from '../hub.js'

/** What a handler was told: an event's index, or a `resynced`. */
export type Told = { readonly index: number } | { readonly gap: boolean; readonly cause: string | null }

/** See the head of this file. */
export class SimulatedTab {
  /** Everything that the handlers were told, over all reloads. */
  readonly told: Told[] = []
  /** How many events the relay had numbered when this tab began. */
  readonly since: number
  position: Position | null = null
  #attached: { hub: Hub; tab: Tab } | null = null
  /** Counts attachments: a port that was given up is not answered. */
  #port = 0
  #frozen: Promise<void> | null = null
  #thaw: () => void = () => undefined

  constructor(since: number) {
    this.since = since
  }

  attach(hub: Hub, hello: Pick<Hello, 'baseUrl' | 'connection' | 'storage'>): void {
    const port = ++this.#port
    const own: TabPort = {
      token: async () => 'token',
      deliver: async (batch) => {
        await this.#frozen
        if (port !== this.#port) return new Promise<never>(() => undefined)
        this.#handle(batch)
      },
    }
    const about = { identity: '', from: 'now' as const, channels: [], position: this.position }
    const { tab, position } = hub.attach({ ...hello, ...about }, own)
    this.#attached = { hub, tab }
    this.position ??= position
  }

  /** The page goes, in an instant in which no handler runs. The worker may hear of it, or be dead. */
  leave(): void {
    this.#port += 1
    this.thaw()
    this.#attached?.hub.detach(this.#attached.tab)
    this.#attached = null
  }

  freeze(): void {
    this.#frozen ??= new Promise((resolve) => (this.#thaw = () => resolve()))
  }

  thaw(): void {
    this.#thaw()
    this.#frozen = null
  }

  #handle(batch: Batch): void {
    if (batch.gap) this.told.push({ gap: true, cause: batch.gap })
    for (const { text } of batch.entries) {
      const wire = JSON.parse(text)
      if (wire.type === 'resynced') this.told.push({ gap: wire.gap_detected, cause: wire.cause ?? null })
      else this.told.push({ index: indexOf(wire) })
    }
    this.position = batch.position
  }
}

/** Every event carries its index in its name. */
const indexOf = (wire: Record<string, never>): number => {
  const {
    message,
    agent,
    name,
    message_id: reacted,
  } = wire as Record<string, { text?: string; name?: string } | string>
  const named = [
    typeof message === 'object' ? message.text : undefined,
    typeof agent === 'object' ? agent.name : undefined,
    name,
    reacted,
  ]
  return Number(String(named.find((candidate) => candidate !== undefined)).slice(1))
}
