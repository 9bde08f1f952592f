/**
 * What a worker runs in. Whatever reaches the worker from outside (a timer, a frame, the end of a transaction, a call
 * of a tab) comes by its process, which can stall and go on later, or end.
 */
import type { Clock } from '../clock.js'
import type { Timeline } from './timeline.js'

/** See the head of this file. */
export class Process implements Clock {
  readonly #timeline: Timeline
  /** What has come while it stalls; null if it runs. */
  #waiting: (() => void)[] | null = null
  #hasEnded = false

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  now(): number {
    return this.#timeline.now()
  }

  after(ms: number, callback: () => void): () => void {
    let isCancelled = false
    // A timer that is due while the process stalls may yet be cancelled by what runs before it.
    const cancel = this.#timeline.after(ms, () => this.run(() => isCancelled || callback()))
    return () => {
      isCancelled = true
      cancel()
    }
  }

  /** Something comes from outside: it runs now, or when the process goes on, or never. */
  run(callback: () => void): void {
    if (this.#hasEnded) return
    if (this.#waiting) this.#waiting.push(callback)
    else callback()
  }

  /** Nothing runs from here on; what comes waits. */
  stall(): void {
    if (!this.#hasEnded) this.#waiting ??= []
  }

  /** What has come meanwhile runs, in its order and each with its promises, and after that what comes. */
  resume(): void {
    this.#timeline.after(0, () => {
      const next = this.#waiting?.shift()
      if (!next) {
        this.#waiting = null
        return
      }
      if (!this.#hasEnded) next()
      this.resume()
    })
  }

  end(): void {
    this.#hasEnded = true
  }
}
