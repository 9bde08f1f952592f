/** What has really happened, so that the judge can say whether a gap that a tab is told of has a reason. */
import type { GapCause } from '../../src/protocol/index.js'
import type { Clock } from '../clock.js'

/** A reason for a gap, and how many events the relay had numbered by then. */
interface Happening {
  readonly cause: GapCause
  readonly index: number
}

/** Events that the relay numbered in a certain time: the first of them, and the first one after them. */
export interface Span {
  readonly first: number
  readonly end: number
}

/** A hub that has been in step with the relay for this long has that on disk, even a slow one. In milliseconds. */
const CERTAIN_AFTER_MS = 1_500
/** After so long without an answer the hub may give up, which it measures once a second. In milliseconds. */
const PATIENCE_MS = 28_000

/** See the head of this file. */
export class Witness {
  /** How many events the relay has numbered. */
  numbered = 0
  /** The disk has failed: the hub may know less than it knew. */
  diskIsSound = true
  /** How often the hub has asked for more than it had missed, and so got a gap. */
  excessive = 0
  readonly happenings: Happening[] = []
  /** What is lost from a question that was given up to the end of its socket or its answer is not asked for again. */
  readonly unasked: Span[] = []
  readonly #clock: Clock
  /** When a hub was in step with the relay, and the newest event by then. */
  #inStep: { at: number; index: number }[] = []
  /** Questions that the relay has not answered. */
  #asked = 0
  #askedAt = 0
  /** The first event after the oldest of these questions. */
  #askedFrom = 0
  /** The hub may have given up waiting. */
  #mayHaveGivenUp = false
  #unansweredMs = 0
  #cancel: () => void = () => undefined
  /** Since when the worker stalls; null if it runs. */
  #stalledAt: number | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  happened(cause: GapCause): void {
    this.happenings.push({ cause, index: this.numbered })
  }

  // ── what the hub has heard ───────────────────────────────────────────────────────────────────────────────

  /** It has taken in a live event. */
  heard(index: number): void {
    if (this.#asked === 0) this.#inStep.push({ at: this.#clock.now(), index })
  }

  /** It has taken in the end of an answer to the oldest questions, with which the relay has sent all up to this event. */
  answered(index: number, questions: number): void {
    this.#asked = Math.max(0, this.#asked - questions)
    if (this.#asked > 0) return
    this.#endWaiting()
    this.#unansweredMs = 0
    this.heard(index)
  }

  /** A worker has died, or starts without what an earlier one has. */
  workerGone(): void {
    this.#inStep = this.#inStep.filter(({ at }) => at <= this.#certainUntil)
    this.#stalledAt = null
    this.#asked = 0
    this.#unansweredMs = 0
    this.#endWaiting()
  }

  /** Nothing of what it has taken in gets on. */
  workerStalls(): void {
    this.#stalledAt ??= this.#clock.now()
  }

  workerGoesOn(): void {
    const { now, until } = { now: this.#clock.now(), until: this.#certainUntil }
    this.#inStep = this.#inStep.map((each) => (each.at <= until ? each : { ...each, at: now }))
    this.#stalledAt = null
  }

  get #certainUntil(): number {
    return (this.#stalledAt ?? this.#clock.now()) - CERTAIN_AFTER_MS
  }

  // ── what it does ─────────────────────────────────────────────────────────────────────────────────────────

  /** A socket opens, or a worker starts. Where nothing was ever heard there is nothing to resume from. */
  opened(): void {
    if (this.#inStep.length === 0 || !this.diskIsSound) this.happened('no_cursor')
  }

  asked(): void {
    if (this.#asked++ > 0) return
    this.#askedAt = this.#clock.now()
    this.#askedFrom = this.numbered
    this.#cancel = this.#clock.after(PATIENCE_MS - this.#unansweredMs, () => {
      this.#mayHaveGivenUp = true
      this.happened('no_ack')
    })
  }

  /** Its socket is gone. */
  closed(): void {
    if (this.#asked > 0) this.#unansweredMs += this.#clock.now() - this.#askedAt
    this.#asked = 0
    this.#endWaiting()
  }

  #endWaiting(): void {
    this.#cancel()
    if (this.#mayHaveGivenUp) this.unasked.push({ first: this.#askedFrom, end: this.numbered })
    this.#mayHaveGivenUp = false
  }

  // ── what the relay does ──────────────────────────────────────────────────────────────────────────────────

  /** It tells a gap: more was asked for than its ring holds, by the hub that `counts` or by one that is to end. */
  exceeded(ringSize: number, counts: boolean): void {
    this.happened('ring_exceeded')
    const missed = this.numbered - 1 - (this.#inStep.at(-1)?.index ?? -1)
    if (counts && this.diskIsSound && missed <= ringSize) this.excessive += 1
  }
}
