/** One question to the relay, "send again what came after", and what has come of it so far. Pure. */
import type { Numbers } from './numbers.js'

/** Why and how it is asked. */
export interface Question {
  /** Its `last_seen_seq`. */
  readonly asked: number
  /** Its `since`, in milliseconds since 1970. */
  readonly since: number
  /** How many counter resets have shown since the socket opened or was last live. */
  readonly resets: number
  /** The relay says that it has sent everything up to here. */
  readonly target: number
  /** Numbers up to here that do not come have been asked for before. */
  readonly known: number
  /** How many times the database has been asked from further back. */
  readonly widenings: number
}

/** See the head of this file. */
export class Resync {
  readonly question: Question
  /** The highest number that has come, known or not. */
  highest = 0
  readonly #received = new Set<number>()

  constructor(question: Question) {
    this.question = question
  }

  receive(seq: number): void {
    this.#received.add(seq)
    this.highest = Math.max(this.highest, seq)
  }

  /**
   * The first number after `after` that has not come; null if there is none. Once the relay has answered without a
   * gap, such a number is lost, or late.
   */
  firstHole(refused: Numbers, after = this.question.asked): number | null {
    for (let seq = after + 1; seq <= Math.max(this.question.target, this.highest); seq++) {
      if (!this.#received.has(seq) && !refused.has(seq)) return seq
    }
    return null
  }
}
