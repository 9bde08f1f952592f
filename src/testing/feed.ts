import { randomBytes } from 'node:crypto'
import { iso } from './clock.js'
import { Ring, type RingEntry } from './ring.js'

/** What a feed needs of its relay. */
export interface FeedOptions {
  readonly ringSize: number
  /** Whether events carry `epoch` and `created_at`. */
  readonly optionalFields: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Sends a live event to all sockets of the agent. */
  readonly send: (text: string) => void
}

/** What becomes of the next events instead of being sent. */
interface Fault {
  remaining: number
  /** Whether the ring holds the event from the start. */
  readonly ring: boolean
  readonly take: (entry: RingEntry) => void
}

const newEpoch = (): string => randomBytes(8).toString('hex')

/** One agent's events: numbers them, keeps the newest, sends them. `PROTOCOL.md`, "Every event". */
export class Feed {
  readonly #options: FeedOptions
  #seq = 0
  #epoch = newEpoch()
  #ring: Ring
  #faults: Fault[] = []
  /** Events that are numbered and not yet sent, oldest first, with what undoes their timers. */
  readonly #late = new Map<RingEntry, () => void>()

  constructor(options: FeedOptions) {
    this.#options = options
    this.#ring = new Ring(options.ringSize)
  }

  /** The `agent_seq` of the newest event, sent or not. */
  get currentSeq(): number {
    return this.#seq
  }

  /** Every event up to this `agent_seq` has left. A lost one has left too: that is how a client learns of it. */
  get sentSeq(): number {
    const [oldest] = this.#late.keys()
    return oldest ? oldest.seq - 1 : this.#seq
  }

  /** Changes whenever the counter starts again. */
  get epoch(): string {
    return this.#epoch
  }

  get ring(): Ring {
    return this.#ring
  }

  /**
   * Numbers an event, puts it in the ring and sends it, unless a fault takes it. Gives its `agent_seq`.
   * `createdAt` is in milliseconds since 1970.
   */
  publish(event: { readonly type: string }, createdAt = this.#options.now()): number {
    const seq = ++this.#seq
    const { optionalFields, send } = this.#options
    const optional = optionalFields ? { epoch: this.#epoch, created_at: iso(createdAt) } : {}
    const entry = { seq, text: JSON.stringify({ ...optional, ...event, agent_seq: seq }) }
    const fault = this.#nextFault()
    if (!fault || fault.ring) this.#ring.add(entry)
    if (fault) fault.take(entry)
    else send(entry.text)
    return seq
  }

  /** Numbers the next events and never sends them; a resync finds them in the ring, unless `ring` is false. */
  loseNext(count: number, ring: boolean): void {
    this.#faults.push({ remaining: count, ring, take: () => {} })
  }

  /**
   * Numbers the next events and sends them later: each after `ms`, if given, and all at the call of what is
   * returned, which also ends the fault. Without `ring` they enter the ring only when they are sent.
   */
  delayNext(count: number, ring: boolean, ms?: number): () => void {
    const taken: RingEntry[] = []
    const sendLate = (entry: RingEntry): void => {
      const clearTimer = this.#late.get(entry)
      if (!clearTimer) return
      clearTimer()
      this.#late.delete(entry)
      if (!ring) this.#ring.add(entry)
      this.#options.send(entry.text)
    }
    const take = (entry: RingEntry): void => {
      taken.push(entry)
      const timer = ms === undefined ? undefined : setTimeout(() => sendLate(entry), ms)
      this.#late.set(entry, () => clearTimeout(timer))
    }
    const fault: Fault = { remaining: count, ring, take }
    this.#faults.push(fault)
    return () => {
      fault.remaining = 0
      for (const entry of taken.splice(0)) sendLate(entry)
    }
  }

  /** Starts again as a server that lost its state: counter at 0, nothing in the ring or waiting, new epoch. */
  reset(): void {
    this.dropLate()
    this.#seq = 0
    this.#epoch = newEpoch()
    this.#ring = new Ring(this.#options.ringSize)
  }

  /** Forgets the events that wait to be sent. */
  dropLate(): void {
    for (const clearTimer of this.#late.values()) clearTimer()
    this.#late.clear()
  }

  #nextFault(): Fault | undefined {
    this.#faults = this.#faults.filter(({ remaining }) => remaining > 0)
    const [fault] = this.#faults
    if (fault) fault.remaining -= 1
    return fault
  }
}
