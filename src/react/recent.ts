/**
 * The newest events, put together from two sides: what the journal held when it was asked, and what has come since this
 * began to listen. An event may come by either or both, and the answer may come before or after it. Pure.
 */
import type { HistoryEntry } from '../index.js'

/** See the head of this file. */
export class Recent {
  readonly #matches: (entry: HistoryEntry) => boolean
  readonly #limit: number
  /** What has come and matches, by offset; not many more than `limit`. */
  #entries: HistoryEntry[] = []
  /** Up to this offset, what comes is known from the journal. */
  #known = 0
  #isLoaded = false

  constructor(matches: (entry: HistoryEntry) => boolean, limit: number) {
    this.#matches = matches
    this.#limit = limit
  }

  /** Whether the journal's part is there, so that there is something to show. */
  get isLoaded(): boolean {
    return this.#isLoaded
  }

  /** An event has come; those of the other kind, `resynced`, do not match. Returns whether it changes what is shown. */
  came(entry: HistoryEntry): boolean {
    if (entry.meta.offset <= this.#known || !this.#matches(entry)) return false
    this.#entries.push(entry)
    // Twice as many may gather, so that they are not moved each time.
    if (this.#entries.length > 2 * this.#limit) this.#entries = this.newest()
    return this.#isLoaded
  }

  /**
   * The newest entries of the journal. Returns how many have to be asked for to have enough, or null if these are.
   *
   * @param asked how many were asked for
   */
  loaded(held: readonly HistoryEntry[], asked: number): number | null {
    const matching = held.filter(this.#matches)
    if (matching.length < this.#limit && held.length >= asked) return asked * 4
    const offsets = new Set(this.#entries.map(({ meta }) => meta.offset))
    const missed = matching.filter(({ meta }) => !offsets.has(meta.offset))
    this.#entries = [...missed, ...this.#entries].toSorted((a, b) => a.meta.offset - b.meta.offset)
    this.#entries = this.newest()
    this.#known = Math.max(this.#known, held.at(-1)?.meta.offset ?? 0)
    this.#isLoaded = true
    return null
  }

  /** At most `limit`, oldest first. */
  newest(): HistoryEntry[] {
    return this.#entries.slice(Math.max(0, this.#entries.length - this.#limit))
  }
}
