/** Simulated time: callbacks in the order of their times, with all promises settled in between. */
import type { Clock } from '../clock.js'

interface Timer {
  readonly at: number
  readonly order: number
  callback: (() => void) | null
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Lets everything that waits for promises go on until nothing does. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** See the head of this file. */
export class Timeline implements Clock {
  #now = Date.UTC(2026, 0, 1)
  #order = 0
  /** A binary heap: in a flood of events each of them is a timer. */
  readonly #timers: Timer[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#now + ms, order: this.#order++, callback }
    this.#push(timer)
    return () => (timer.callback = null)
  }

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    for (let next = this.#timers[0]; next && next.at <= until; next = this.#timers[0]) {
      this.#pop()
      if (!next.callback) continue
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await settle()
    }
    this.#now = until
  }

  #push(timer: Timer): void {
    const heap = this.#timers
    let place = heap.push(timer) - 1
    for (let above = (place - 1) >> 1; place > 0; place = above, above = (place - 1) >> 1) {
      const parent = heap[above]
      if (!parent || !isBefore(timer, parent)) break
      heap[place] = parent
      heap[above] = timer
    }
  }

  #pop(): void {
    const heap = this.#timers
    const last = heap.pop()
    if (!last || heap.length === 0) return
    heap[0] = last
    for (let place = 0; ;) {
      let least = place
      for (const below of [2 * place + 1, 2 * place + 2]) {
        const [child, smallest] = [heap[below], heap[least]]
        if (child && smallest && isBefore(child, smallest)) least = below
      }
      const child = heap[least]
      if (least === place || !child) return
      heap[place] = child
      heap[least] = last
      place = least
    }
  }
}
