/**
 * The write-ahead log: events get an offset here, are committed in groups together with the resume cursor, one
 * transaction a group, and only then can be read. The newest entries are in memory; as many are on disk.
 */
import type { Batch, DeliveredEntry, Persistence, Position, StorageOptions } from '../src/bridge.js'
import { LONGEST_MS, type Clock } from './clock.js'
import type { Cursor } from './cursor.js'
import type { Trace } from './dedupe.js'
import type { Entry, NewEntry } from './entry.js'
import type { StoredEntry } from './records.js'
import { locate, withRun, type Located, type Run } from './runs.js'
import { Cleared, Segments, Superseded, type Kept } from './segments.js'
import type { Store } from './store.js'

/** What a consumer gets from a position on. */
export interface Reading {
  readonly texts: readonly string[]
  /** The indexes of those that came by a resync. */
  readonly replayed: readonly number[]
  /** The position after them. */
  readonly position: Position
  /** Entries between the position asked for and the first one here are gone. */
  readonly gap: Batch['gap']
}

type Frames = Pick<Reading, 'texts' | 'replayed'>

/** How far the entries in memory may grow for a tab that is slow but alive. */
const MEMORY_CAPACITY = 65_536
/** A transaction that takes longer is not waited for. In milliseconds. */
const COMMIT_DEADLINE_MS = 1_000
/**
 * What comes so soon after a group of entries was begun waits for the next one, unless it fills it: a transaction, and then a
 * batch for each tab, cost much more than an entry, and many small ones keep the machine too busy for them to grow. Half a
 * frame of a display, so nobody sees it. In milliseconds.
 */
export const COMMIT_PAUSE_MS = 8
/** So many entries do not wait. */
const FULL_GROUP = 1_024
/** The first read may be slow (a cold disk), and going on without it forgets the cursor. In milliseconds. */
const LOAD_DEADLINE_MS = 5_000
/** How long after a failure the disk is tried again. In milliseconds. */
const RETRY_MS = 5_000

/** What the journal needs from around it. */
export interface JournalContext {
  readonly store: Store
  readonly options: StorageOptions
  readonly clock: Clock
  readonly instance: string
  /** `COMMIT_PAUSE_MS`, or 0 in tests that move the time, or want a group for each entry. */
  readonly commitPauseMs: number
  /** Entries have been committed, or `persistence` has changed. */
  readonly changed: () => void
  /** The offset up to which all tabs have read; entries after it are kept if they can be. */
  readonly needed: () => number
  /** Another run has taken the journal over: nothing is committed here any more. */
  readonly superseded: () => void
}

/** In bytes, at two a character. */
const sizeOf = (entries: readonly { readonly text: string }[]): number =>
  entries.reduce((sum, { text }) => sum + text.length * 2, 0)

const describe = (error: unknown): string =>
  error instanceof Error ? [error.name, error.message].filter(Boolean).join(': ') : String(error)

const deliverable = ({ offset, text, replayed }: Entry): DeliveredEntry => ({ offset, text, replayed })

/** See the head of this file. */
export class Journal {
  readonly #context: JournalContext
  #segments: Segments
  /** In order of offset, without a hole. The last `#uncommitted` ones cannot be read yet. */
  readonly #entries: Entry[] = []
  /** How much text they hold, in bytes. */
  #size = 0
  /** The offset of the newest entry that this run has let go from memory. */
  #forgotten = 0
  /** What an earlier run has kept to know entries by, whose frames it has not kept. */
  #textless: readonly Trace[] = []
  #runs: readonly Run[] = []
  #cursor: Cursor | null = null
  readonly #groups = new Map<string, Position>()
  /** Who waits for the next head to be stored. */
  #whenStored: (() => void)[] = []
  /** The offset of the newest entry appended. */
  #appended = 0
  /** The offset of the newest entry that can be read. */
  #committed = 0
  #headIsStored = true
  #writing = false
  /** Ends the pause that there is. */
  #cancelPause: (() => void) | null = null
  #isTransacting = false
  #closed = false
  #retryAt = 0
  #cancelRetry: () => void = () => undefined
  #cancelAgeing: (() => void) | null = null
  #persistence: Persistence = { mode: 'disk' }
  #lastFrames: { readonly first: number | null; readonly frames: Frames } | null = null

  constructor(context: JournalContext) {
    this.#context = context
    this.#segments = new Segments(context.store, context.options.persist)
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

  /** How much text the entries in memory hold, in bytes, at two a character. */
  get size(): number {
    return this.#size
  }

  /** When the oldest entry came, in milliseconds since 1970. Null: there is none. */
  get oldestAt(): number | null {
    return this.#entries[0]?.received ?? null
  }

  /** There was a run before this one. */
  get hasPast(): boolean {
    return this.#runs.length > 1
  }

  /** Of all entries, oldest first: what the dedupe has to remember. */
  get traces(): readonly Trace[] {
    return [...this.#textless, ...this.#entries]
  }

  /** Where the consumer groups are, by their names, the one that has moved last at the end. */
  get groups(): ReadonlyMap<string, Position> {
    return this.#groups
  }

  /**
   * Keeps where a consumer group is now. Resolves when that is on disk; or at once where the disk does not work, as
   * entries are not held up by that either.
   */
  moveGroup(name: string, position: Position): Promise<void> {
    this.forgetGroup(name)
    this.#groups.set(name, position)
    return new Promise((resolve) => {
      this.#whenStored.push(resolve)
      this.#headIsStored = false
      void this.#commit()
    })
  }

  /** From the next commit on. */
  forgetGroup(name: string): void {
    this.#groups.delete(name)
  }

  /** Reads what is on disk. Never fails: without it the journal starts empty and says so. */
  async load(): Promise<void> {
    if (this.#context.options.persist === 'none') await this.#keepNothing()
    else await this.#read()
    const { instance, clock } = this.#context
    this.#runs = withRun(this.#runs, { instance, first: this.#appended + 1, at: clock.now() })
    // The run is on disk before anybody has a position in it: after a crash the position still counts.
    this.#headIsStored = false
    await this.#commit()
  }

  /** Takes entries and the cursor that goes with them. They can be read once they are committed. */
  append(entries: readonly NewEntry[], cursor: Cursor | null): void {
    const received = this.#context.clock.now()
    for (const entry of entries) {
      this.#appended += 1
      this.#entries.push({ ...entry, offset: this.#appended, received })
    }
    this.#size += sizeOf(entries)
    this.#cursor = cursor
    this.#headIsStored = false
    void this.#commit()
  }

  /** Reads up to `max` entries after a position. */
  read(position: Position, max: number): Reading {
    const { start, gap } = this.locate(position)
    const first = this.#entries[0]?.offset ?? this.#appended + 1
    const from = Math.max(start, first - 1)
    const end = Math.min(from + max, this.#committed)
    return {
      ...this.#frames(from - first + 1, end - first + 1),
      position: { instance: this.#context.instance, offset: Math.max(from, end) },
      gap: gap ?? (from > start ? 'journal_exceeded' : null),
    }
  }

  /** The frames from one index to another. Tabs mostly read the same ones, one after the other. */
  #frames(from: number, to: number): Frames {
    const known = this.#lastFrames
    const first = this.#entries[from]?.offset ?? null
    if (known && first !== null && known.first === first && known.frames.texts.length === to - from) {
      return known.frames
    }
    const texts: string[] = []
    const replayed: number[] = []
    for (let index = from; index < to; index++) {
      const entry = this.#entries[index]
      if (!entry) break
      if (entry.replayed) replayed.push(index - from)
      texts.push(entry.text)
    }
    const frames = { texts, replayed }
    this.#lastFrames = { first, frames }
    return frames
  }

  /** What a position means to this run. */
  locate(position: Position): Located {
    return locate(this.#runs, position, this.#committed)
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
    this.#end()
    this.#context.store.close()
  }

  /** Deletes everything. */
  async destroy(): Promise<void> {
    this.#end()
    await this.#withDeadline(this.#context.store.destroy(), LOAD_DEADLINE_MS)
  }

  #end(): void {
    this.#closed = true
    this.#cancelPause?.()
    this.#cancelRetry()
    this.#cancelAgeing?.()
  }

  // ── disk ─────────────────────────────────────────────────────────────────────────────────────────────────

  async #read(): Promise<void> {
    try {
      const { head, entries } = await this.#withDeadline(this.#segments.read(), LOAD_DEADLINE_MS)
      if (!head) return
      this.#runs = head.runs
      this.#cursor = head.cursor
      for (const [name, position] of head.groups ?? []) this.#groups.set(name, position)
      this.#appended = this.#committed = head.last
      this.#restore(entries)
    } catch (error) {
      // It may be done late, and its offsets are not those of this run, which counts from 1 now.
      this.#segments = new Segments(this.#context.store, this.#context.options.persist)
      this.#fail(error)
    }
  }

  /** Frames without a text can be known again, but not read. */
  #restore(entries: readonly StoredEntry[]): void {
    const firstReadable = entries.findLastIndex(({ text }) => text === null) + 1
    this.#textless = entries.slice(0, firstReadable)
    const readable = entries.slice(firstReadable)
    readable.forEach((entry, index) => {
      const offset = this.#appended - readable.length + 1 + index
      this.#entries.push({ ...entry, text: entry.text ?? '', offset })
    })
    this.#size = sizeOf(this.#entries)
  }

  /** What an earlier build of the app may have stored goes too. */
  async #keepNothing(): Promise<void> {
    this.#persistence = { mode: 'memory', reason: 'persist is "none"' }
    try {
      await this.#withDeadline(this.#context.store.destroy(), LOAD_DEADLINE_MS)
    } catch (error) {
      const reason = `persist is "none", but what was stored before cannot be deleted: ${describe(error)}`
      this.#persistence = { mode: 'memory', reason }
    }
  }

  /** Writes what has gathered, group after group, until nothing is left. */
  async #commit(): Promise<void> {
    if (this.#writing || this.#closed) return
    this.#writing = true
    while (!this.#closed && this.#isDue()) {
      const last = this.#appended
      if (last > this.#committed) this.#pause()
      const waiting = this.#whenStored
      this.#whenStored = []
      this.#headIsStored = true
      const outcome = this.#mayWrite() ? await this.#write(last) : 'in memory'
      if (outcome === 'superseded') break
      if (outcome === 'cleared') {
        // The disk itself is well, so it is not waited for.
        this.#retryAt = 0
        this.#endPause()
        this.#headIsStored = false
        this.#whenStored.unshift(...waiting)
        continue
      }
      // On disk or not: an event is not held up by the store.
      this.#committed = last
      // Tabs that wait for it read it before anything goes.
      if (!this.#closed) this.#context.changed()
      for (const stored of waiting) stored()
      this.#trim()
    }
    this.#writing = false
  }

  /** Whoever waits for the head does not wait for the end of the pause too. */
  #isDue(): boolean {
    const count = this.#appended - this.#committed
    if (count >= FULL_GROUP || this.#whenStored.length > 0) return true
    return !this.#cancelPause && (count > 0 || !this.#headIsStored)
  }

  #pause(): void {
    const { clock, commitPauseMs } = this.#context
    if (this.#cancelPause || commitPauseMs === 0) return
    this.#cancelPause = clock.after(commitPauseMs, () => {
      this.#cancelPause = null
      void this.#commit()
    })
  }

  #endPause(): void {
    this.#cancelPause?.()
    this.#cancelPause = null
  }

  /** Not while an earlier transaction hangs: what the two hold would overlap. */
  #mayWrite(): boolean {
    if (this.#isTransacting || this.#context.options.persist === 'none') return false
    return this.#persistence.mode === 'disk' || this.#context.clock.now() >= this.#retryAt
  }

  async #write(last: number): Promise<'on disk' | 'in memory' | 'cleared' | 'superseded'> {
    const inMemory = this.#entries[0]?.offset ?? 0
    const group = this.#entries.slice(Math.max(0, this.#segments.last + 1 - inMemory), last + 1 - inMemory)
    const groups = this.#groups.size > 0 && { groups: this.#groups }
    const head = { cursor: this.#cursor, last, runs: this.#runs, ...groups }
    this.#isTransacting = true
    const written = this.#segments
      .write(group, head, this.#kept(last))
      .finally(() => {
        this.#isTransacting = false
        // It may have hung past the time of the retry, and then failed.
        if (this.#persistence.mode === 'memory') this.#retryLater()
      })
      .then(() => this.#wrote())
      .catch((error: unknown) => {
        if (error instanceof Superseded) this.#superseded()
        throw error
      })
    try {
      await this.#withDeadline(written, COMMIT_DEADLINE_MS)
      return 'on disk'
    } catch (error) {
      if (error instanceof Cleared) return 'cleared'
      if (error instanceof Superseded) return 'superseded'
      this.#fail(error)
      return 'in memory'
    }
  }

  /** A group is on disk, in time or late. */
  #wrote(): void {
    if (this.#persistence.mode === 'disk' || this.#closed) return
    // The disk is back: what has gathered in memory goes there too.
    this.#persistence = { mode: 'disk' }
    this.#headIsStored = false
    void this.#commit()
  }

  /** It may come late, when what was written was taken for hanging. */
  #superseded(): void {
    if (this.#closed) return
    this.#end()
    this.#context.superseded()
  }

  // ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────

  /** What is to be on disk once entries up to `last` are. */
  #kept(last: number): Kept {
    const { maxEntries, maxAgeMs } = this.#context.options
    return {
      from: Math.max(last - maxEntries, this.#forgotten) + 1,
      since: this.#context.clock.now() - maxAgeMs,
    }
  }

  /** Forgets the oldest entries: those that are not kept and that no tab still has to read, and whatever is too much. */
  #trim(): void {
    const { maxEntries, maxAgeMs, maxBytes } = this.#context.options
    const { first } = this.range
    const needed = Math.max(this.#context.needed(), this.#committed - MEMORY_CAPACITY)
    const excess = Math.min(this.#committed - maxEntries, needed) - first + 1
    // A quarter more than needed may stay: the array is then cut seldom enough to cost nothing.
    let count = excess > maxEntries / 4 ? excess : 0
    const oldest = this.#context.clock.now() - maxAgeMs
    while ((this.#entries[count]?.received ?? oldest) < oldest && first + count <= needed) count++
    let size = this.#size - sizeOf(this.#entries.slice(0, count))
    for (; size > maxBytes && first + count <= this.#committed; count++)
      size -= (this.#entries[count]?.text.length ?? 0) * 2
    this.#size = size
    if (count > 0) {
      this.#entries.splice(0, count)
      this.#forgotten = first + count - 1
    }
    this.#ageLater()
  }

  /** Looks again when the oldest entry will be too old, also if no other comes. */
  #ageLater(): void {
    const oldest = this.#entries[0]
    if (!oldest || this.#closed || this.#cancelAgeing) return
    const due = oldest.received + this.#context.options.maxAgeMs - this.#context.clock.now() + 1
    this.#cancelAgeing = this.#context.clock.after(Math.min(Math.max(due, RETRY_MS), LONGEST_MS), () => {
      this.#cancelAgeing = null
      this.#headIsStored = false
      void this.#commit()
    })
  }

  // ── memory mode ──────────────────────────────────────────────────────────────────────────────────────────

  #fail(error: unknown): void {
    this.#persistence = { mode: 'memory', reason: describe(error) }
    this.#retryLater()
  }

  #retryLater(): void {
    this.#retryAt = this.#context.clock.now() + RETRY_MS
    this.#cancelRetry()
    if (this.#closed) return
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
