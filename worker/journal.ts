/**
 * The write-ahead log: events get an offset here, are committed in groups together with the resume cursor, one
 * transaction a group, and only then can be read. The newest entries are in memory; as many are on disk.
 */
import { promisifyRequest } from 'idb-keyval'
import type { Batch, DeliveredEntry, Persistence, Position } from '../src/bridge.js'
import type { Clock } from './clock.js'
import type { Cursor } from './cursor.js'
import type { NewEntry } from './entry.js'
import type { Store } from './store.js'

/** An entry that has its place. */
export interface Entry extends NewEntry {
  readonly offset: number
}

/** What a consumer gets from a position on. */
export interface Reading {
  readonly entries: readonly DeliveredEntry[]
  /** The position after them. */
  readonly position: Position
  /** Entries between the position asked for and the first one here are gone. */
  readonly gap: Batch['gap']
}

/** A run of the hub: it gave the offsets from `first` on. */
interface Run {
  readonly instance: string
  readonly first: number
}

/** The record that is written with every group. */
interface Head {
  readonly cursor: Cursor | null
  /** The offset of the newest entry. */
  readonly last: number
  readonly runs: readonly Run[]
}

/** The entries of one transaction, stored under the offset of the first. */
type Segment = readonly Entry[]

const HEAD_KEY = 'head'
/** How many entries are kept: as many as the dedupe remembers, which they bring back after a restart. */
export const JOURNAL_CAPACITY = 2_048
/** How far the entries in memory may grow for a tab that is slow but alive. */
const MEMORY_CAPACITY = 65_536
/** How much text the entries may hold, in UTF-16 units. Frames are short; this is for those that are not. */
const MAX_SIZE = 32 * 1_048_576
/** A transaction that takes longer is not waited for. In milliseconds. */
const COMMIT_DEADLINE_MS = 1_000
/** The first read may be slow (a cold disk), and going on without it forgets the cursor. In milliseconds. */
const LOAD_DEADLINE_MS = 5_000
/** How long after a failure the disk is tried again. In milliseconds. */
const RETRY_MS = 5_000
/** How many earlier runs are remembered: a tab from before that is told that there may be a gap. */
const MAX_RUNS = 64

/** What the journal needs from around it. */
export interface JournalContext {
  readonly store: Store
  readonly clock: Clock
  readonly instance: string
  /** Entries have been committed, or `persistence` has changed. */
  readonly changed: () => void
  /** The oldest offset that a tab is still going to read; entries from there on are kept if they can be. */
  readonly needed: () => number
}

const sizeOf = (entries: readonly Entry[]): number => entries.reduce((sum, { text }) => sum + text.length, 0)

const deliverable = ({ offset, text, replayed }: Entry): DeliveredEntry => ({ offset, text, replayed })

/** See the head of this file. */
export class Journal {
  readonly #context: JournalContext
  /** In order of offset, without a hole. The last `#uncommitted` ones cannot be read yet. */
  readonly #entries: Entry[] = []
  /** How much text they hold, in UTF-16 units. */
  #size = 0
  /** Where each segment on disk starts, oldest first. */
  #segments: number[] = []
  #runs: readonly Run[] = []
  #cursor: Cursor | null = null
  /** The offset of the newest entry appended. */
  #appended = 0
  /** The offset of the newest entry that can be read. */
  #committed = 0
  /** The offset of the newest entry on disk. */
  #stored = 0
  #headIsStored = true
  /** What is on disk could not be read. This run counts anew, and must not mix its entries with those. */
  #isForeign = false
  #writing = false
  #isTransacting = false
  #closed = false
  #retryAt = 0
  #cancelRetry: () => void = () => undefined
  #persistence: Persistence = { mode: 'disk' }

  constructor(context: JournalContext) {
    this.#context = context
  }

  get cursor(): Cursor | null {
    return this.#cursor
  }

  get persistence(): Persistence {
    return this.#persistence
  }

  /** The offsets of the oldest and the newest entry that can be read; the oldest is one more if there is none. */
  get range(): { readonly first: number; readonly last: number } {
    return { first: this.#entries[0]?.offset ?? this.#appended + 1, last: this.#committed }
  }

  /** All entries, oldest first: what the dedupe has to remember. */
  get traces(): readonly Entry[] {
    return this.#entries
  }

  /** Reads what is on disk. Never fails: without it the journal starts empty and says so. */
  async load(): Promise<void> {
    try {
      const { head, segments } = await this.#withDeadline(this.#readAll(), LOAD_DEADLINE_MS)
      this.#restore(head, segments)
    } catch (error) {
      this.#isForeign = true
      this.#fail(error)
    }
    this.#runs = [...this.#runs, { instance: this.#context.instance, first: this.#appended + 1 }].slice(
      -MAX_RUNS,
    )
    // The run is on disk before anybody has a position in it: after a crash the position still counts.
    this.#headIsStored = false
    await this.#commit()
  }

  /** Takes entries and the cursor that goes with them. They can be read once they are committed. */
  append(entries: readonly NewEntry[], cursor: Cursor | null): void {
    for (const entry of entries) {
      this.#appended += 1
      this.#entries.push({ ...entry, offset: this.#appended })
      this.#size += entry.text.length
    }
    this.#cursor = cursor
    this.#headIsStored = false
    void this.#commit()
  }

  /** Reads up to `max` entries after a position. */
  read(position: Position, max: number): Reading {
    const { start, gap } = this.#locate(position)
    const first = this.#entries[0]?.offset ?? this.#appended + 1
    const from = Math.max(start, first - 1)
    const end = Math.min(from + max, this.#committed)
    const entries = this.#entries.slice(from - first + 1, end - first + 1)
    return {
      entries: entries.map(deliverable),
      position: { instance: this.#context.instance, offset: Math.max(from, end) },
      gap: gap ?? (from > start ? 'journal_exceeded' : null),
    }
  }

  /** Is there something to read after this position? */
  isBehind({ instance, offset }: Position): boolean {
    return instance !== this.#context.instance || offset < this.#committed
  }

  /** The newest `limit` entries that are `wanted`, oldest first. */
  newest(limit: number, wanted: (entry: Entry) => boolean): readonly DeliveredEntry[] {
    const found: DeliveredEntry[] = []
    const { first, last } = this.range
    for (let index = last - first; index >= 0 && found.length < limit; index--) {
      const entry = this.#entries[index]
      if (entry && wanted(entry)) found.push(deliverable(entry))
    }
    return found.toReversed()
  }

  /** The position `back` entries before the newest. */
  positionBefore(back: number): Position {
    const { first, last } = this.range
    return { instance: this.#context.instance, offset: Math.max(last - back, first - 1, 0) }
  }

  /** Waits for nothing: what is appended and not committed is asked for again from the relay. */
  close(): void {
    this.#closed = true
    this.#cancelRetry()
    this.#context.store.close()
  }

  /** Deletes everything. */
  async destroy(): Promise<void> {
    this.#closed = true
    this.#cancelRetry()
    await this.#withDeadline(this.#context.store.destroy(), LOAD_DEADLINE_MS)
  }

  // ── positions ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * An offset counts only with the run that gave it: a run that could not write to disk gave offsets that a later
   * run gave again. What such a run had added is lost to whoever did not read it, and known to whoever did.
   */
  #locate({ instance, offset }: Position): { start: number; gap: Reading['gap'] } {
    const index = this.#runs.findIndex((run) => run.instance === instance)
    if (index === -1) return { start: this.#committed, gap: 'journal_lost' }
    const next = this.#runs[index + 1]
    const end = next ? next.first - 1 : this.#committed
    if (offset > end) return { start: end, gap: 'journal_lost' }
    // The run that the reader knew has left nothing to resume from: what came between the two is not known.
    return { start: offset, gap: next && this.#cursor === null ? 'no_cursor' : null }
  }

  // ── disk ─────────────────────────────────────────────────────────────────────────────────────────────────

  async #readAll(): Promise<{ head: Head | undefined; segments: Segment[] }> {
    return this.#context.store.use('readonly', async (store) => {
      // One transaction for both: they are of one moment. Numbers sort before strings, so the head is not among them.
      const segments = promisifyRequest<Segment[]>(
        store.getAll(IDBKeyRange.bound(0, Number.MAX_SAFE_INTEGER)),
      )
      const head = promisifyRequest<Head | undefined>(store.get(HEAD_KEY))
      return { head: await head, segments: await segments }
    })
  }

  #restore(head: Head | undefined, segments: readonly Segment[]): void {
    if (!head) return
    // Only an unbroken run of entries up to the head is of use. Storage that was cleared meanwhile breaks it.
    let expected = head.last
    for (const segment of segments.toReversed()) {
      if (segment.at(-1)?.offset !== expected) break
      expected -= segment.length
      this.#segments.unshift(expected + 1)
    }
    this.#entries.push(...segments.slice(segments.length - this.#segments.length).flat())
    this.#size = sizeOf(this.#entries)
    this.#runs = head.runs
    this.#cursor = head.cursor
    this.#appended = this.#committed = this.#stored = head.last
  }

  /** Writes what has gathered, group after group, until nothing is left. */
  async #commit(): Promise<void> {
    if (this.#writing || this.#closed) return
    this.#writing = true
    while (!this.#closed && (this.#committed < this.#appended || !this.#headIsStored)) {
      const last = this.#appended
      this.#headIsStored = true
      if (this.#mayWrite()) await this.#write(last)
      // On disk or not: an event is not held up by the store.
      this.#committed = last
      this.#trim()
      if (!this.#closed) this.#context.changed()
    }
    this.#writing = false
  }

  /** Not while an earlier transaction hangs: what the two hold would overlap. */
  #mayWrite(): boolean {
    if (this.#isTransacting) return false
    return this.#persistence.mode === 'disk' || this.#context.clock.now() >= this.#retryAt
  }

  async #write(last: number): Promise<void> {
    const inMemory = this.#entries[0]?.offset ?? 0
    const group = this.#entries.slice(Math.max(0, this.#stored + 1 - inMemory), last + 1 - inMemory)
    const first = group[0]?.offset ?? null
    const head: Head = { cursor: this.#cursor, last, runs: this.#runs }
    const expired = this.#expiredSegments(first, last)
    this.#isTransacting = true
    const written = this.#context.store
      .use('readwrite', (store) => {
        if (this.#isForeign) store.clear()
        if (first !== null) store.put(group, first)
        store.put(head, HEAD_KEY)
        for (const offset of expired) store.delete(offset)
        return promisifyRequest(store.transaction)
      })
      .finally(() => {
        this.#isTransacting = false
        // It may have hung past the time of the retry, and then failed.
        if (this.#persistence.mode === 'memory') this.#retryLater()
      })
      .then(() => this.#wrote(first, last, expired))
    try {
      await this.#withDeadline(written, COMMIT_DEADLINE_MS)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** A group is on disk, in time or late. */
  #wrote(first: number | null, last: number, expired: readonly number[]): void {
    this.#segments = this.#segments.filter((offset) => !expired.includes(offset) && offset !== first)
    if (first !== null) this.#segments.push(first)
    this.#stored = Math.max(this.#stored, last)
    this.#isForeign = false
    if (this.#persistence.mode === 'disk') return
    // The disk is back: what has gathered in memory goes there too.
    this.#persistence = { mode: 'disk' }
    this.#headIsStored = false
    void this.#commit()
  }

  /** The segments all of whose entries are past the capacity, or forgotten already, once a group from `first` to `last` is written. */
  #expiredSegments(first: number | null, last: number): number[] {
    const oldest = Math.max(last - JOURNAL_CAPACITY + 1, this.#entries[0]?.offset ?? 0)
    const next = first ?? Number.POSITIVE_INFINITY
    return this.#segments.filter((_, index) => (this.#segments[index + 1] ?? next) <= oldest)
  }

  /** Forgets the oldest entries: those past the capacity that no tab still has to read, and whatever is too much. */
  #trim(): void {
    const first = this.#entries[0]?.offset ?? 0
    const keepFrom = Math.max(
      Math.min(this.#committed - JOURNAL_CAPACITY, this.#context.needed()),
      this.#committed - MEMORY_CAPACITY,
    )
    // A quarter more than needed may stay: the array is then cut seldom enough to cost nothing.
    let count = keepFrom - first > JOURNAL_CAPACITY / 4 ? keepFrom - first + 1 : 0
    let size = this.#size - sizeOf(this.#entries.slice(0, count))
    for (; size > MAX_SIZE && count <= this.#committed - first; count++)
      size -= this.#entries[count]?.text.length ?? 0
    if (count === 0) return
    this.#entries.splice(0, count)
    this.#size = size
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    this.#persistence = { mode: 'memory', reason }
    this.#retryLater()
  }

  #retryLater(): void {
    this.#retryAt = this.#context.clock.now() + RETRY_MS
    this.#cancelRetry()
    this.#cancelRetry = this.#context.clock.after(RETRY_MS, () => {
      this.#headIsStored = false
      void this.#commit()
    })
  }

  #withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#context.clock.after(ms, () =>
        reject(new Error(`IndexedDB took longer than ${ms} ms`)),
      )
      work.then(resolve, reject).finally(cancel)
    })
  }
}
