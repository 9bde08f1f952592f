/**
 * Counts what reaches this tab and checks the promise from outside: every offset once, in order, none left out.
 * It is kept over a reload, since that is when a tab is most likely to get something twice or not at all.
 */
import type { EventMeta, Resynced } from 'tabmux'

/** The counters of this tab. */
export interface Counts {
  readonly handled: number
  /** Events whose offset or id came again. Must stay 0. */
  readonly duplicates: number
  /** Offsets lower than one before. Must stay 0. */
  readonly outOfOrder: number
  /** Offsets that were skipped without a `resynced` that said so. Must stay 0. */
  readonly missing: number
  readonly resyncs: number
  readonly lastOffset: number
}

const ZERO: Counts = { handled: 0, duplicates: 0, outOfOrder: 0, missing: 0, resyncs: 0, lastOffset: 0 }
const RECENT = 8_192

/** The part of `Storage` that the tally needs. */
export type TallyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** The counters, and what they are computed from. */
export class Tally {
  readonly #storage: TallyStorage
  readonly #key: string
  readonly #recent = new Set<number | string>()
  #counts: Counts
  #gapAnnounced = false

  constructor(storage: TallyStorage, key: string) {
    this.#storage = storage
    this.#key = key
    const kept = storage.getItem(key)
    // Only this class writes the key, so what is there has its shape.
    this.#counts = kept ? { ...ZERO, ...(JSON.parse(kept) as Partial<Counts>) } : ZERO
  }

  get counts(): Counts {
    return this.#counts
  }

  /** Every event that a handler got. `id` finds one that the journal has twice, under two offsets. */
  event({ offset }: EventMeta, id?: string): void {
    const isTwice = id !== undefined && this.#recent.has(id)
    const { handled, duplicates } = this.#counts
    this.#counts = { ...this.#counts, handled: handled + 1, duplicates: duplicates + (isTwice ? 1 : 0) }
    if (id !== undefined) this.#remember(id)
    this.#check(offset)
  }

  /** A `resynced` of the relay is an entry like others; one of the journal says what this tab will not get. */
  resynced({ source, cause }: Resynced, { offset }: EventMeta): void {
    const resyncs = this.#counts.resyncs + 1
    this.#counts = { ...this.#counts, resyncs }
    if (source === 'relay') {
      this.#check(offset)
      return
    }
    this.#gapAnnounced = true
    if (cause !== 'journal_lost') return
    // A new journal may count from 1 again.
    this.#counts = { ...this.#counts, lastOffset: 0 }
    this.#recent.clear()
  }

  #check(offset: number): void {
    const { lastOffset, duplicates, outOfOrder, missing } = this.#counts
    const again = this.#recent.has(offset) || offset === lastOffset
    const late = !again && offset < lastOffset
    // The first entry that this tab ever gets shows where its journal starts.
    const skipped = lastOffset === 0 || this.#gapAnnounced ? 0 : Math.max(0, offset - lastOffset - 1)
    this.#gapAnnounced = false
    this.#counts = {
      ...this.#counts,
      duplicates: duplicates + (again ? 1 : 0),
      outOfOrder: outOfOrder + (late ? 1 : 0),
      missing: missing + skipped,
      lastOffset: Math.max(lastOffset, offset),
    }
    this.#remember(offset)
  }

  #remember(seen: number | string): void {
    this.#recent.add(seen)
    if (this.#recent.size <= RECENT) return
    const [oldest] = this.#recent
    if (oldest !== undefined) this.#recent.delete(oldest)
  }

  save(): void {
    this.#storage.setItem(this.#key, JSON.stringify(this.#counts))
  }

  reset(): void {
    this.#counts = ZERO
    this.#recent.clear()
    this.#storage.removeItem(this.#key)
  }
}
