/**
 * The relay of the contract, made small: a ring of few events and short replays, so that every limit is met within a
 * short run. It remembers everything that it ever numbered, for the judge.
 */
import type { Clock } from '../clock.js'
import type { Random } from './random.js'
import type { Witness } from './witness.js'

/** How a relay of this run behaves. */
export interface RelayTraits {
  readonly ringSize: number
  readonly replayLimit: number
  /** It sends `epoch`, `server_time`, `created_at` and `sent_seq`. */
  readonly optionalFields: boolean
  /** How far its clock is ahead of the worker's at the beginning, in milliseconds. */
  readonly skew: number
}

/** A socket, as far as the relay goes. */
export interface RelaySocket {
  /** It takes frames and gives none, and nobody says so. */
  isDeaf: boolean
  readonly channels: Set<string>
  /** Its worker serves the tabs, and has not been taken for hanging. */
  readonly counts: boolean
  /** @param heard is called when the client has taken the frame in */
  deliver(frame: object, heard?: () => void): void
  cut(): void
  close(): void
}

/**
 * What becomes of an event once it is numbered: it is sent; lost on the way; sent late, and in the ring at once, or only
 * then (`numbered`); gone for good; or sent, and does not fit its schema.
 */
export type Way = 'sent' | 'lost' | 'late' | 'numbered' | 'gone' | 'malformed'

/** An event that the relay has numbered. */
export interface Numbered {
  /** The order of all events over all counters. */
  readonly index: number
  readonly seq: number
  readonly way: Way
  readonly wire: Readonly<Record<string, unknown>>
  /** Its row, if the database keeps events of its kind. */
  readonly table: 'messages' | 'dms' | 'reactions' | null
  readonly createdAt: number
}

const uuid = (index: number): string => `00000000-0000-5000-8000-${index.toString(16).padStart(12, '0')}`

/** An event of some kind that carries its index in its name. */
const makeWire = (index: number, kind: number): Pick<Numbered, 'wire' | 'table'> => {
  const name = `e${index}`
  const id = uuid(index)
  const message = { id: name, agent_name: 'bob', text: name }
  if (kind < 5)
    return { wire: { type: 'message.created', id, channel: 'general', message }, table: 'messages' }
  if (kind < 6) return { wire: { type: 'dm.received', id, conversation_id: 'c', message }, table: 'dms' }
  if (kind < 8)
    return {
      wire: { type: 'message.reacted', message_id: name, emoji: '👍', agent_name: 'bob' },
      table: 'reactions',
    }
  if (kind < 9) return { wire: { type: 'agent.status.idle', agent: { name }, status: 'idle' }, table: null }
  return { wire: { type: 'novel.thing', name }, table: null }
}

/** See the head of this file. */
export class SimulatedRelay {
  readonly all: Numbered[] = []
  readonly traits: RelayTraits
  refusing = false
  dieBetweenReplays = false
  /** It answers the next `resync` but for the `resync_ack`. */
  forgetsAck = false
  /**
   * A counter without an epoch has started again and has overtaken the client's cursor before the client asked:
   * nothing that the relay says can show it, so nothing is owed.
   */
  wasOvertaken = false
  readonly sockets = new Set<RelaySocket>()
  readonly #clock: Clock
  readonly #random: Random
  readonly #witness: Witness
  #ahead: number
  #seq = 0
  #epoch = 1
  #ring: Numbered[] = []
  /** Numbers that are still to be sent. */
  #unsent = new Set<number>()
  #lost = 0
  /** The counter has started again, and no client has asked since. */
  #hidden = false
  /** The highest number of the counter that the client knows; it knows none before its first event. */
  #highestKnown = Number.POSITIVE_INFINITY
  #hasReset = false
  /** The newest answer has shown that the counter has started again. */
  #wasShown = false
  /**
   * A `since` can mean an earlier time than the client thinks: its clock was set back, and rows that were made before
   * are dated later; or it is ahead, and nothing that it sends says so.
   */
  isDatedLater = false
  readonly #rows: Numbered[] = []
  /** How many questions of a socket it has left without the end of their answer. */
  readonly #forgotten = new WeakMap<RelaySocket, number>()

  constructor(clock: Clock, random: Random, witness: Witness, traits: RelayTraits) {
    this.#clock = clock
    this.#random = random
    this.#witness = witness
    this.#ahead = traits.skew
    this.traits = traits
    this.isDatedLater = traits.skew > 0 && !traits.optionalFields
  }

  /** All faults end. */
  calm(): void {
    this.refusing = false
    this.dieBetweenReplays = false
    this.forgetsAck = false
  }

  /** Numbers an event of some kind. What is late is sent after `delay` milliseconds. */
  emit(way: Way = 'sent', delay = 0): void {
    const index = this.all.length
    const seq = ++this.#seq
    const { wire, table } =
      way === 'malformed'
        ? { wire: { type: 'message.created', channel: 'general' }, table: null }
        : makeWire(index, this.#random.below(10))
    const event: Numbered = { index, seq, way, wire, table, createdAt: this.#clock.now() + this.#ahead }
    this.all.push(event)
    this.#witness.numbered = this.all.length
    if (way === 'gone') return
    if (way !== 'numbered') this.#keep(event)
    if (way === 'sent' || way === 'malformed') this.#broadcast(event)
    if (way === 'late' || way === 'numbered') this.#sendLater(event, delay)
  }

  /** So many events, a hundred at a time: more in a second than a replay can tell apart are not remembered. */
  flood(count: number): void {
    for (let sent = 0; sent < count; sent++)
      this.#clock.after(Math.floor(sent / 100) * 400, () => this.emit())
  }

  #sendLater(event: Numbered, delay: number): void {
    const epoch = this.#epoch
    this.#unsent.add(event.seq)
    this.#clock.after(delay, () => {
      // A relay that has lost its state has lost what it had not sent yet.
      if (epoch !== this.#epoch) return
      this.#unsent.delete(event.seq)
      if (event.way === 'numbered') this.#keep(event)
      this.#broadcast(event)
    })
  }

  #keep(event: Numbered): void {
    this.#ring.push(event)
    this.#ring.sort((a, b) => a.seq - b.seq)
    if (event.table) this.#rows.push(event)
    // One that comes late is the oldest at once, and newer ones have gone before it.
    if (this.#ring.length > this.traits.ringSize)
      this.#lost = Math.max(this.#lost, this.#ring.shift()?.seq ?? 0)
  }

  /** All counters start again, and the ring is empty. */
  reset(): void {
    this.#witness.happened('counter_reset')
    this.#hasReset = true
    this.#hidden = !this.traits.optionalFields
    this.#seq = 0
    this.#lost = 0
    this.#ring = []
    this.#unsent = new Set()
    this.#epoch += 1
  }

  /** Its clock is set to another time. */
  jump(ms: number): void {
    this.#ahead += ms
    this.isDatedLater ||= ms < 0 || (this.#ahead > 0 && !this.traits.optionalFields)
  }

  /** The worker has died: it may have forgotten that the counter has started again. */
  clientDied(): void {
    this.#hidden = this.#hasReset && !this.traits.optionalFields
  }

  receive(socket: RelaySocket, text: string): void {
    const frame = JSON.parse(text)
    if (frame.type === 'ping')
      socket.deliver({ type: 'pong', ...this.#optional({ sent_seq: this.#sentSeq() }) })
    if (frame.type === 'resync') this.#replay(socket, frame.last_seen_seq, Date.parse(frame.since))
    if (frame.type === 'subscribe') for (const channel of frame.channels) socket.channels.add(channel)
    if (frame.type === 'unsubscribe') for (const channel of frame.channels) socket.channels.delete(channel)
  }

  #replay(socket: RelaySocket, asked: number, since: number): void {
    // An answer that says so may be lost on its way; only the question after it shows that the client knows.
    const isKnown = asked === 0 && this.#wasShown
    if (this.#hidden && !isKnown && asked <= this.#seq) this.wasOvertaken = true
    // What a worker has been shown that is to end, the one in its place has not.
    if (socket.counts) {
      if (isKnown) this.#hidden = false
      this.#wasShown = asked > this.#seq
      this.#highestKnown = asked
    }
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
    if (this.forgetsAck) {
      this.forgetsAck = false
      this.#forgotten.set(socket, (this.#forgotten.get(socket) ?? 0) + 1)
      return
    }
    const answered = 1 + (this.#forgotten.get(socket) ?? 0)
    this.#forgotten.delete(socket)
    if (gap) this.#witness.exceeded(this.traits.ringSize, socket.counts)
    const newest = this.all.length - 1
    socket.deliver({ type: 'resync_ack', ...counts, gap_detected: gap, ...this.#optional({}) }, () =>
      this.#witness.answered(newest, answered),
    )
  }

  #rowsSince(since: number): Numbered[] {
    const after = this.#rows.filter(({ createdAt }) => createdAt > since)
    return (['messages', 'dms', 'reactions'] as const).flatMap((kind) =>
      after.filter(({ table }) => table === kind).slice(0, this.traits.replayLimit),
    )
  }

  #broadcast(event: Numbered): void {
    // The client goes on from there, unless it has refused the event.
    const heard = (): void => void (event.way === 'malformed' || this.#heard(event))
    for (const socket of this.sockets) socket.deliver(this.#live(event), heard)
  }

  #heard({ index, seq }: Numbered): void {
    this.#witness.heard(index)
    if (this.#hidden && seq > this.#highestKnown) this.wasOvertaken = true
    const known = Number.isFinite(this.#highestKnown) ? this.#highestKnown : 0
    this.#highestKnown = Math.max(known, seq)
  }

  #live({ wire, seq, createdAt }: Numbered): object {
    const time = this.traits.optionalFields
      ? { created_at: new Date(createdAt).toISOString(), epoch: `${this.#epoch}` }
      : {}
    return { ...wire, agent_seq: seq, ...time }
  }

  #sentSeq(): number {
    return Math.min(this.#seq, ...[...this.#unsent].map((seq) => seq - 1))
  }

  #optional(fields: object): object {
    if (!this.traits.optionalFields) return {}
    const time = new Date(this.#clock.now() + this.#ahead).toISOString()
    return { epoch: `${this.#epoch}`, server_time: time, ...fields }
  }
}
