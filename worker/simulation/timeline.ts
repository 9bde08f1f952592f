/** Simulated time: callbacks in the order of their times, with all promises settled in between. */
import type { Clock } from '../clock.js'

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Lets everything that waits for promises go on until nothing does. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** See the head of this file. */
export class Timeline implements Clock {
  #now = Date.UTC(2026, 0, 1)
  #order = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, order: this.#order++, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** A clock whose timers all end with its owner. */
  owned(): { clock: Clock; end: () => void } {
    const cancels = new Set<() => void>()
    let ended = false
    const after = (ms: number, callback: () => void): (() => void) => {
      if (ended) return () => undefined
      const cancel = this.after(ms, () => {
        cancels.delete(cancel)
        callback()
      })
      cancels.add(cancel)
      return cancel
    }
    return {
      clock: { now: () => this.#now, after },
      end: () => {
        ended = true
        for (const cancel of cancels) cancel()
      },
    }
  }

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    for (;;) {
      let next: Timer | undefined
      for (const timer of this.#timers) {
        if (timer.at > until) continue
        if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer
      }
      if (!next) break
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await settle()
    }
    this.#now = until
  }
}
