/**
 * The relay of the contract, made small: a ring of few events and short replays, so that every limit is met within a
 * short run. It remembers everything that it ever numbered, for the judge.
 */
import type { Clock } from '../clock.js'
import type { Random } from './random.js'

/** How a relay of this run behaves. */
export interface RelayTraits {
  readonly ringSize: number
  readonly replayLimit: number
  /** It sends `epoch`, `server_time`, `created_at` and `sent_seq`. */
  readonly optionalFields: boolean
  /** How far its clock is ahead of the worker's, in milliseconds. */
  readonly skew: number
}

/** A socket, as far as the relay goes. */
export interface RelaySocket {
  /** It takes frames and gives none, and nobody says so. */
  isDeaf: boolean
  deliver(frame: object): void
  cut(): void
  close(): void
}

/** An event that the relay has numbered. */
export interface Numbered {
  /** The order of all events over all counters. */
  readonly index: number
  readonly seq: number
  readonly wire: Readonly<Record<string, unknown>>
  /** Its row, if the database keeps events of its kind. */
  readonly table: 'messages' | 'dms' | 'reactions' | null
  readonly createdAt: number
}

const uuid = (index: number): string => `00000000-0000-5000-8000-${index.toString(16).padStart(12, '0')}`

/** See the head of this file. */
export class SimulatedRelay {
  readonly all: Numbered[] = []
  readonly traits: RelayTraits
  refusing = false
  dieBetweenReplays = false
  /**
   * A counter without an epoch has started again and has overtaken the client's cursor before the client asked:
   * nothing that the relay says can show it, so nothing is owed.
   */
  wasOvertaken = false
  readonly sockets = new Set<RelaySocket>()
  readonly #clock: Clock
  readonly #random: Random
  #seq = 0
  #epoch = 1
  #ring: Numbered[] = []
  #lost = 0
  /** The counter has started again, and no client has asked since. */
  #hidden = false
  #hasReset = false
  readonly #rows: Numbered[] = []

  constructor(clock: Clock, random: Random, traits: RelayTraits) {
    this.#clock = clock
    this.#random = random
    this.traits = traits
  }

  /** Numbers an event of some kind and sends it, unless it is lost on the way, late, or gone for good. */
  emit(way: 'sent' | 'lost' | 'late' | 'gone' = 'sent'): void {
    const index = this.all.length
    const seq = ++this.#seq
    const kind = this.#random.below(10)
    const name = `e${index}`
    const body = { id: name, agent_name: 'bob', text: name }
    const [wire, table] =
      kind < 5
        ? [
            { type: 'message.created', id: uuid(index), channel: 'general', message: body },
            'messages' as const,
          ]
        : kind < 6
          ? [{ type: 'dm.received', id: uuid(index), conversation_id: 'c', message: body }, 'dms' as const]
          : kind < 8
            ? [
                { type: 'message.reacted', message_id: name, emoji: '👍', agent_name: 'bob' },
                'reactions' as const,
              ]
            : kind < 9
              ? [{ type: 'agent.status.idle', agent: { name }, status: 'idle' }, null]
              : [{ type: 'novel.thing', name }, null]
    const event: Numbered = { index, seq, wire, table, createdAt: this.#time() }
    this.all.push(event)
    if (way === 'gone') return
    this.#ring.push(event)
    if (table) this.#rows.push(event)
    if (this.#ring.length > this.traits.ringSize) this.#lost = this.#ring.shift()?.seq ?? 0
    if (way === 'sent') this.#broadcast(event)
    const epoch = this.#epoch
    // A relay that has lost its state has lost what it had not sent yet.
    if (way === 'late')
      this.#clock.after(this.#random.below(500), () => epoch === this.#epoch && this.#broadcast(event))
  }

  /** All counters start again, and the ring is empty. */
  reset(): void {
    this.#hasReset = true
    this.#hidden = !this.traits.optionalFields
    this.#seq = 0
    this.#lost = 0
    this.#ring = []
    this.#epoch += 1
  }

  /** The worker has died: it may have forgotten that the counter has started again. */
  clientDied(): void {
    this.#hidden = this.#hasReset && !this.traits.optionalFields
  }

  receive(socket: RelaySocket, text: string): void {
    const frame = JSON.parse(text)
    if (frame.type === 'ping') socket.deliver({ type: 'pong', ...this.#optional({ sent_seq: this.#seq }) })
    if (frame.type === 'resync') this.#replay(socket, frame.last_seen_seq, Date.parse(frame.since))
  }

  #replay(socket: RelaySocket, asked: number, since: number): void {
    if (this.#hidden && asked > 0 && asked <= this.#seq) this.wasOvertaken = true
    // An answer that says so may be lost on its way; only this question shows that the client knows.
    if (asked === 0) this.#hidden = false
    const ring = this.#ring.filter(({ seq }) => seq > asked)
    for (const event of ring) {
      socket.deliver(this.#live(event))
      if (this.#random.chance(0.02)) this.emit()
    }
    const gap = asked < this.#lost
    if (this.dieBetweenReplays && gap) {
      this.dieBetweenReplays = false
      return socket.cut()
    }
    const rows = gap ? this.#rowsSince(Math.floor(since / 1_000) * 1_000) : []
    for (const event of rows) {
      const { id, ...reaction } = event.wire
      socket.deliver({ ...(event.table === 'reactions' ? reaction : { ...reaction, id }), replayed: true })
      if (this.#random.chance(0.02)) this.emit()
    }
    const counts = { last_seen_seq: asked, current_seq: this.#seq, replayed: ring.length + rows.length }
    socket.deliver({ type: 'resync_ack', ...counts, gap_detected: gap, ...this.#optional({}) })
  }

  #rowsSince(since: number): Numbered[] {
    const after = this.#rows.filter(({ createdAt }) => createdAt > since)
    return (['messages', 'dms', 'reactions'] as const).flatMap((kind) =>
      after.filter(({ table }) => table === kind).slice(0, this.traits.replayLimit),
    )
  }

  #broadcast(event: Numbered): void {
    for (const socket of this.sockets) socket.deliver(this.#live(event))
  }

  #live({ wire, seq, createdAt }: Numbered): object {
    const time = this.traits.optionalFields
      ? { created_at: new Date(createdAt).toISOString(), epoch: `${this.#epoch}` }
      : {}
    return { ...wire, agent_seq: seq, ...time }
  }

  #optional(fields: object): object {
    if (!this.traits.optionalFields) return {}
    return { epoch: `${this.#epoch}`, server_time: new Date(this.#time()).toISOString(), ...fields }
  }

  #time(): number {
    return this.#clock.now() + this.traits.skew
  }
}
