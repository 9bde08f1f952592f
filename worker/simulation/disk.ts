/**
 * A disk with one object store on it. Transactions are whole, and run one after the other, whoever opened them: more
 * than one worker may be connected.
 */
import type { Store } from '../store.js'
import type { Process } from './process.js'
import type { Timeline } from './timeline.js'

type Key = string | number
type Records = Map<Key, unknown>

/** What happens to the transactions that begin next. */
type DiskFault = 'none' | 'slow' | 'fail' | 'hang'

/** How long a transaction takes, in milliseconds. */
const DURATION = { none: 1, slow: 400, fail: 1, hang: 20_000 }
/** How long a hub waits for a transaction at the least. In milliseconds. */
const PATIENCE_MS = 1_000

/** What the journal uses of a request. */
class Request<T> {
  onsuccess: (() => void) | null = null
  onerror: (() => void) | null = null
  readonly error = null
  result: T | undefined
}

/** What the journal uses of a transaction, and what the disk knows of it. */
class Transaction {
  oncomplete: (() => void) | null = null
  onabort: (() => void) | null = null
  error: Error | null = null
  readonly owner: Process
  /** What is asked of the object store, in order. Each answers with what its request then calls, if anything. */
  readonly operations: ((records: Records) => (() => void) | undefined)[] = []
  /** The records as this transaction sees them; null until it runs. */
  records: Records | null = null
  cancelTimer: () => void = () => undefined

  constructor(owner: Process) {
    this.owner = owner
  }

  /** It waits for no further answers. */
  isCommitted = false

  readonly commit = (): void => {
    this.isCommitted = true
  }

  readonly abort = (): void => {
    this.error = new Error('aborted')
  }
}

/** The records, and what happens to transactions. */
export class Disk {
  fault: DiskFault = 'none'
  /** When what was done to it can still cost entries, in milliseconds since 1970. */
  readonly troubles: number[] = []
  readonly #damaged: Records = new Map()
  readonly #timeline: Timeline
  readonly #troubled: () => void
  #records: Records = new Map()
  /** Those that are open. The first one runs. */
  readonly #open: Transaction[] = []

  /** @param troubled is called whenever something is done to it that can cost entries */
  constructor(timeline: Timeline, troubled: () => void) {
    this.#timeline = timeline
    this.#troubled = troubled
  }

  /** The record that is written with every group of entries. */
  get head(): unknown {
    return this.#records.get('head')
  }

  connect(owner: Process): Store {
    const use = async (_: IDBTransactionMode, callback: (store: IDBObjectStore) => unknown) => {
      this.#meet(this.fault)
      if (this.fault === 'fail') throw new Error('the disk fails')
      const transaction = new Transaction(owner)
      if (this.#open.push(transaction) === 1) this.#begin(transaction)
      this.#watch(transaction)
      return callback(objectStore(transaction))
    }
    return {
      // `UseStore` is generic in what its callback returns, which is handed through.
      use: use as Store['use'],
      close: () => undefined,
      destroy: async () => this.#records.clear(),
    }
  }

  /** A process is gone. Its transaction that runs is cut, or was past that point; those that wait never begin. */
  abandon(owner: Process, reachesDisk: boolean): void {
    for (const transaction of this.#open.filter((each) => each.owner === owner)) {
      transaction.cancelTimer()
      if (transaction.records && reachesDisk) {
        this.#perform(transaction)
        this.#commit(transaction)
      }
      this.#open.splice(this.#open.indexOf(transaction), 1)
    }
    this.#next()
  }

  /** A process hangs. If it does so in a transaction, nobody else gets on until it goes on. */
  stalled(owner: Process): void {
    if (this.#open.some((transaction) => transaction.owner === owner)) this.#meet('hang')
  }

  /** Somebody clears what the browser has stored of the site. */
  clear(): void {
    this.#meet('fail')
    this.#records.clear()
    // What is cleared is closed by force: a transaction that runs is aborted.
    if (this.#open[0]?.records) this.#open[0].abort()
  }

  /** A record becomes something that no hub has written: the head, or a group of entries. */
  garble(which: 'head' | 'group', pick: number): void {
    const keys = [...this.#records.keys()].filter((key) => (key === 'head') === (which === 'head'))
    const key = keys[pick % keys.length]
    if (key === undefined) return
    this.#meet('fail')
    const garbage = [null, 'garbage', {}, [], [{}], [{ offset: key, text: 1 }]]
    const value = garbage[pick % garbage.length]
    this.#records.set(key, value)
    this.#damaged.set(key, value)
  }

  #next(): void {
    const [next] = this.#open
    if (next && !next.records) this.#begin(next)
  }

  #begin(transaction: Transaction): void {
    const { fault } = this
    this.#meet(fault)
    // Who finds such a record has a disk that fails, whenever it was that it was damaged.
    for (const [key, value] of this.#damaged) if (this.#records.get(key) === value) this.#meet('fail')
    transaction.records = new Map(this.#records)
    transaction.cancelTimer = this.#timeline.after(DURATION[fault], () => {
      if (fault === 'fail') transaction.error = new Error('the disk fails')
      this.#continue(transaction)
    })
  }

  /** Its requests are answered, until the answers lead to no more of them; then it ends. */
  #continue(transaction: Transaction): void {
    const answers = transaction.error ? [] : this.#perform(transaction)
    if (answers.length === 0) return this.#end(transaction)
    transaction.owner.run(() => {
      for (const answer of answers) answer()
      if (transaction.isCommitted) return this.#end(transaction)
      transaction.cancelTimer = this.#timeline.after(0, () => this.#continue(transaction))
    })
  }

  #end(transaction: Transaction): void {
    this.#commit(transaction)
    this.#open.shift()
    transaction.owner.run(() => (transaction.error ? transaction.onabort : transaction.oncomplete)?.())
    this.#next()
  }

  #perform({ operations, records }: Transaction): (() => void)[] {
    return operations.splice(0).flatMap((operation) => (records && operation(records)) ?? [])
  }

  #commit({ records, error }: Transaction): void {
    if (records && !error) this.#records = records
  }

  #meet(fault: DiskFault): void {
    if (fault !== 'fail' && fault !== 'hang') return
    this.troubles.push(this.#timeline.now() + DURATION[fault])
    this.#troubled()
  }

  /** Whoever has to wait for so long, also for another worker's transaction, goes on without the disk. */
  #watch(transaction: Transaction): void {
    this.#timeline.after(PATIENCE_MS, () => {
      if (!this.#open.includes(transaction)) return
      this.#meet('fail')
      this.#watch(transaction)
    })
  }
}

const numbersOf = (records: Records): number[] =>
  [...records.keys()].filter((key) => typeof key === 'number').toSorted((a, b) => a - b)

/** As much of an object store as the journal uses. */
const objectStore = (transaction: Transaction): IDBObjectStore => {
  const { operations } = transaction
  const read = <T>(value: (records: Records) => T): Request<T> => {
    const request = new Request<T>()
    operations.push((records) => {
      request.result = structuredClone(value(records))
      return () => request.onsuccess?.()
    })
    return request
  }
  const write = (change: (records: Records) => unknown): void => {
    operations.push((records) => void change(records))
  }
  const store = {
    transaction,
    put: (value: unknown, key: Key) => {
      const copy = structuredClone(value)
      write((records) => records.set(key, copy))
    },
    delete: (key: Key) => write((records) => records.delete(key)),
    clear: () => write((records) => records.clear()),
    get: (key: Key) => read((records) => records.get(key)),
    getAll: () => read((records) => numbersOf(records).map((key) => records.get(key))),
    getAllKeys: () => read(numbersOf),
  }
  return store as unknown as IDBObjectStore // see above
}

/** The journal asks for its segments by a range of all numbers. */
globalThis.IDBKeyRange ??= { bound: () => 'all numbers' } as unknown as typeof IDBKeyRange // Node has none
