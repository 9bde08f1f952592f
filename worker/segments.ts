/**
 * The journal on disk: a group of entries is one record, a *segment*, under the offset of its first entry, and the head
 * says what all of them amount to. A write is one transaction, and it checks that nobody else has taken the journal
 * over since: the head's newest run is the fencing token.
 */
import { promisifyRequest } from 'idb-keyval'
import type { Persist } from '../src/bridge.js'
import type { Entry } from './entry.js'
import {
  isHead,
  lastOf,
  ownerOf,
  pack,
  unpack,
  withoutText,
  type Head,
  type Segment,
  type StoredEntry,
} from './records.js'
import type { Store } from './store.js'

/** Another run owns the journal now: whoever is told this must not write, nor deliver, any more. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
  constructor() {
    super('another run has taken the journal over')
  }
}

/** What was on disk is gone: somebody has cleared it. All that is in memory has to be written again. */
export class Cleared extends Error {
  override readonly name = 'Cleared'
  constructor() {
    super('the stored journal is gone')
  }
}

const HEAD_KEY = 'head'

/** What is on disk. */
export interface Stored {
  /** Null: nothing, or nothing sound. Without runs, if not all of the entries are there. */
  readonly head: Head | null
  /** Without a hole, the last one at the head's offset. */
  readonly entries: readonly StoredEntry[]
}

/** Which entries are kept. */
export interface Kept {
  /** Those from this offset on, */
  readonly from: number
  /** and of these the ones that came at this time or later, in milliseconds since 1970. */
  readonly since: number
}

/** Where a segment starts, and when its newest entry came. */
interface Start {
  readonly offset: number
  readonly received: number
}

/** See the head of this file. */
export class Segments {
  readonly #store: Store
  readonly #withText: boolean
  /** The segments on disk, oldest first. */
  #starts: Start[] = []
  /** The offset of the newest entry on disk. */
  #last = 0
  /**
   * The run that has written last, as far as is known here: null is none, undefined any that began before this one. Where
   * it is an earlier run, that may write once more before this one does, which shows by the newest offset.
   */
  #owner: string | null | undefined = undefined
  /** What is there is of no use, and must not be mixed with what comes. */
  #mustClear = true
  /** The keys of segments that are no part of the journal. */
  #useless: readonly IDBValidKey[] = []
  /** Segments that hold more than they are to. */
  #tooTelling = new Map<number, Segment>()

  constructor(store: Store, persist: Persist) {
    this.#store = store
    this.#withText = persist === 'events'
  }

  /** The offset of the newest entry on disk. */
  get last(): number {
    return this.#last
  }

  /** Reads everything, once, before the first write. */
  async read(): Promise<Stored> {
    const [head, keys, segments] = await this.#store.use('readonly', (store) => {
      // One transaction for all: they are of one moment. Numbers sort before strings, so the head is not among them.
      const numbers = IDBKeyRange.bound(0, Number.MAX_SAFE_INTEGER)
      return Promise.all([
        promisifyRequest<unknown>(store.get(HEAD_KEY)),
        promisifyRequest<IDBValidKey[]>(store.getAllKeys(numbers)),
        promisifyRequest<unknown[]>(store.getAll(numbers)),
      ])
    })
    this.#owner = ownerOf(head)?.instance ?? null
    this.#last = lastOf(head)
    if (!isHead(head)) return { head: null, entries: [] }
    this.#mustClear = false
    // Only an unbroken run of entries up to the head is of use.
    const found: StoredEntry[][] = []
    let expected = head.last
    for (let index = keys.length - 1; index >= 0; index--) {
      if (Number(keys[index]) > head.last) continue
      const entries = unpack(segments[index])
      if (!entries || entries.length === 0 || keys[index] !== expected - entries.length + 1) break
      expected -= entries.length
      found.unshift([...entries])
      const segment = segments[index] as Segment // `unpack` has said so
      this.#starts.unshift({ offset: expected + 1, received: segment.received })
      if (!this.#withText && segment.texts) this.#tooTelling.set(expected + 1, withoutText(segment))
    }
    const useful = new Set<IDBValidKey>(this.#starts.map(({ offset }) => offset))
    this.#useless = keys.filter((key) => !useful.has(key))
    // Something is damaged. What tabs have seen may be among what is not known any more, so no position counts.
    const runs = this.#useless.length > 0 ? [] : head.runs
    return { head: { ...head, runs }, entries: found.flat() }
  }

  /**
   * Writes a group that follows on what is stored, and the head, and deletes the segments that are not to be `kept`.
   *
   * @throws {Superseded} and writes nothing
   * @throws {Cleared} and writes nothing; the next group has to be all that there is
   */
  async write(entries: readonly Entry[], head: Head, kept: Kept): Promise<void> {
    const first = entries[0]?.offset ?? null
    const expired = this.#expired(first, kept)
    let refusal: Superseded | Cleared | null = null
    const written = this.#store.use('readwrite', (store) => {
      // Its answer comes before the others are done, and an abort takes them back.
      const current = store.get(HEAD_KEY)
      current.onsuccess = () => {
        const owner = ownerOf(current.result)
        const isOurs =
          this.#owner === undefined
            ? (owner?.at ?? 0) <= (ownerOf(head)?.at ?? 0)
            : (owner?.instance ?? null) === this.#owner && lastOf(current.result) === this.#last
        // From here on it needs nothing of this thread: it is done sooner, also where the worker hangs.
        if (isOurs) return store.transaction.commit()
        refusal = owner === null ? new Cleared() : new Superseded()
        return store.transaction.abort()
      }
      if (this.#mustClear) store.clear()
      for (const key of this.#useless) store.delete(key)
      for (const [offset, segment] of this.#tooTelling) store.put(segment, offset)
      if (first !== null) store.put(pack(entries, this.#withText), first)
      store.put(head, HEAD_KEY)
      for (const { offset } of expired) store.delete(offset)
      return promisifyRequest(store.transaction)
    })
    await written.catch((error: unknown) => {
      if (refusal instanceof Cleared) this.#forget()
      // An abort that nobody has asked for may come without an error.
      throw refusal ?? error ?? new Error('the transaction was aborted')
    })
    this.#starts = this.#starts.slice(expired.length)
    if (first !== null) this.#starts.push({ offset: first, received: entries.at(-1)?.received ?? 0 })
    this.#last = head.last
    this.#owner = ownerOf(head)?.instance ?? null
    this.#mustClear = false
    this.#useless = []
    this.#tooTelling.clear()
  }

  #forget(): void {
    this.#mustClear = true
    this.#owner = null
    this.#starts = []
    this.#last = 0
    this.#useless = []
    this.#tooTelling.clear()
  }

  /** The oldest segments: those none of whose entries is to be kept, once a group from `first` on is written. */
  #expired(first: number | null, { from, since }: Kept): Start[] {
    const next = first ?? Number.POSITIVE_INFINITY
    const newest = this.#starts.findLastIndex(
      ({ received }, index) => received < since || (this.#starts[index + 1]?.offset ?? next) <= from,
    )
    return this.#starts.slice(0, newest + 1)
  }
}
