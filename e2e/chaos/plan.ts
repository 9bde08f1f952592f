/** What happens in which order, from a seed. Every fault comes as often as it weighs before the next round begins. */
import { Random } from './random.js'

/** One fault of the plan. */
export interface Step {
  readonly fault: string
  /** How long after the one before it, in milliseconds. */
  readonly pauseMs: number
  /** From 0 to below 1: which tab. */
  readonly tab: number
  /** From 0 to below 1: how much, how long. */
  readonly amount: number
}

/** See the head of this file. */
export class Plan {
  readonly #random: Random
  readonly #round: readonly string[]
  #left: string[] = []

  constructor(seed: number, faults: readonly { readonly name: string; readonly weight: number }[]) {
    this.#random = new Random(seed)
    this.#round = faults.flatMap(({ name, weight }) => Array.from({ length: weight }, () => name))
  }

  next(): Step {
    if (this.#left.length === 0) this.#left = this.#random.shuffled(this.#round)
    const fault = this.#left.pop()
    if (fault === undefined) throw new Error('expected faults with weights, got none')
    const random = this.#random
    const pauseMs = [0, 30, 150, 400, 800, 1_500][random.below(6)] ?? 0
    return { fault, pauseMs, tab: random.next(), amount: random.next() }
  }
}
