import type { Clock } from './clock.js'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** Time that moves only when a test says so. */
export class HandClock implements Clock {
  readonly #timers = new Set<Timer>()
  #now: number

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets `ms` milliseconds pass. Timers fire in the order of their times, each at its time. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (let timer = this.#next(until); timer; timer = this.#next(until)) {
      this.#now = Math.max(this.#now, timer.at)
      this.#fire(timer)
    }
    this.#now = until
  }

  /** The machine sleeps for `ms` milliseconds: timers that were due fire once it is awake. */
  sleep(ms: number): void {
    this.#now += ms
    for (let timer = this.#next(this.#now); timer; timer = this.#next(this.#now)) this.#fire(timer)
  }

  #next(until: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer
    return next
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer)
    timer.callback()
  }
}
