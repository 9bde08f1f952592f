/**
 * The events: publishes them, each with its index in its content, and knows what the relay numbered when, what it has
 * lost on purpose, and where it has had a reason to tell a gap. The relay's ring is counted along here, since nothing
 * but the ring says whether a question came too late.
 */
import type { ReferenceRelay } from 'tabmux/testing'
import type { Random } from './random.js'

/** Something that can cost events, so that a gap may be told from this index on. */
export interface Cause {
  readonly cause: 'hole' | 'counter_reset' | 'ring_exceeded'
  readonly index: number
  /** When a late event was numbered: it comes after its turn only to a hub that has nothing to resume from. */
  readonly lateAt?: number
}

/** What becomes of an event: `gone` is lost on its way, and the ring does not have it either. */
export type Way = 'sent' | 'lost' | 'late' | 'gone'

/** See the head of this file. */
export class Stream {
  /** How many events have been numbered. */
  total = 0
  /** Indexes of events that nothing can bring any more but the database. */
  readonly gone = new Set<number>()
  readonly causes: Cause[] = []
  /** What each event was: its type, and its number in the counter of that time. */
  readonly origins: string[] = []
  readonly #relay: ReferenceRelay
  readonly #random: Random
  readonly #ringSize: number
  readonly #log: (text: string) => void
  #message: string | null = null
  /** How many times the counter has started again. */
  #counter = 0
  #seq = 0
  #ring: number[] = []
  #lostUpTo = 0
  #newestQuestion: object | undefined
  #timer: NodeJS.Timeout | undefined
  #isPaused = false

  constructor(relay: ReferenceRelay, random: Random, ringSize: number, log: (text: string) => void) {
    this.#log = log
    this.#relay = relay
    this.#random = random
    this.#ringSize = ringSize
  }

  /** Publishes until `stop`, an event every `everyMs` on average. */
  start(everyMs: number): void {
    this.#timer = setTimeout(
      () => {
        if (!this.#isPaused) this.publish()
        this.start(everyMs)
      },
      this.#random.next() * 2 * everyMs,
    )
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  publish(way: Way = 'sent'): void {
    this.#heedQuestions()
    const index = this.total
    if (way === 'lost' || way === 'gone') this.#relay.loseNext(1, { agent: 'alice', ring: way === 'lost' })
    if (way === 'late') this.#relay.delayNext(1, { agent: 'alice', ms: this.#random.below(800) })
    if (way === 'late') this.causes.push({ cause: 'hole', index, lateAt: performance.now() })
    const type = this.#publish(`e${index}`)
    this.total += 1
    this.#seq += 1
    this.origins.push(`${type} ${this.#seq} of counter ${this.#counter}, ${way}`)
    if (way === 'gone') {
      this.gone.add(index)
      this.causes.push({ cause: 'hole', index })
    } else this.#ring.push(this.#seq)
    if (this.#ring.length > this.#ringSize) this.#lostUpTo = this.#ring.shift() ?? 0
  }

  publishMany(count: number): void {
    for (let published = 0; published < count; published++) this.publish()
  }

  /** The relay's counter starts again on open sockets. */
  reset(): void {
    this.#heedQuestions()
    this.#relay.resetCounter('alice')
    this.#forget()
  }

  loseRing(): void {
    this.#heedQuestions()
    this.#relay.loseRing('alice')
    this.#lostUpTo = this.#ring.at(-1) ?? this.#lostUpTo
    this.#ring = []
  }

  /** A relay that is down numbers nothing. */
  async restartRelay(keepState: boolean): Promise<void> {
    this.#isPaused = true
    this.#heedQuestions()
    await this.#relay.restart({ keepState })
    if (!keepState) this.#forget()
    this.#isPaused = false
  }

  #forget(): void {
    this.causes.push({ cause: 'counter_reset', index: this.total })
    this.#counter += 1
    this.#seq = 0
    this.#ring = []
    this.#lostUpTo = 0
  }

  /** Looks at the resyncs that came since the ring has last changed: did one ask for more than it holds? */
  #heedQuestions(): void {
    const received = this.#relay.received('alice')
    for (
      let place = received.length - 1;
      received[place] && received[place] !== this.#newestQuestion;
      place--
    ) {
      const frame = received[place]?.frame
      if (frame?.type !== 'resync') continue
      const { last_seen_seq: asked, since } = frame
      const isTooLate = asked < this.#lostUpTo
      if (isTooLate) this.causes.push({ cause: 'ring_exceeded', index: this.total })
      const held = `${this.#lostUpTo + 1} to ${this.#seq} of counter ${this.#counter}`
      this.#log(`asked for what is after ${asked}, since ${since}; the ring has ${held}`)
    }
    this.#newestQuestion = received.at(-1)
  }

  /** All the ways in which events are told apart: by an id, by a number, by their content; known types and unknown. */
  #publish(name: string): string {
    const relay = this.#relay
    const kind = this.#random.below(12)
    if (kind < 5 || this.#message === null) {
      this.#message = relay.post({ from: 'bob', channel: 'general', text: name }).id
      return 'message.created'
    }
    if (kind < 6) {
      relay.dm({ from: 'bob', to: 'alice', text: name })
      return 'dm.received'
    }
    if (kind < 7) {
      relay.reply({ from: 'bob', to: this.#message, text: name })
      return 'thread.reply'
    }
    if (kind < 10) {
      relay.react({ from: 'bob', to: this.#message, emoji: name })
      return 'message.reacted'
    }
    const event =
      kind < 11
        ? { type: 'agent.status.idle', agent: { name }, status: 'idle' }
        : { type: 'novel.thing', name }
    relay.emit('alice', event)
    return event.type
  }
}
