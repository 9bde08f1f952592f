/** A disk with one object store on it, which a killed worker leaves with whole transactions only. */
import type { Clock } from '../clock.js'
import type { Store } from '../store.js'

type Key = string | number

/** What a commit does next. */
export type DiskFault = 'none' | 'slow' | 'fail' | 'hang'

/** Only what the journal uses of IndexedDB. */
class FakeRequest<T> {
  onsuccess: (() => void) | null = null
  onerror: (() => void) | null = null
  readonly error = null
  readonly result: T

  constructor(result: T) {
    this.result = result
    queueMicrotask(() => this.onsuccess?.())
  }
}

class FakeTransaction {
  oncomplete: (() => void) | null = null
  onabort: (() => void) | null = null
  error: Error | null = null
  isAborted = false

  abort(): void {
    this.isAborted = true
    this.error = new Error('aborted')
    this.onabort?.()
  }
}

/** The records, and what happens to writes. */
export class Disk {
  records = new Map<Key, unknown>()
  fault: DiskFault = 'none'
  /** Any fault has met a use. */
  hasFailed = false

  /** A connection. A worker that dies takes its clock with it, and so what it had not committed. */
  connect(clock: Clock): Store {
    // Transactions of one object store that write run one after the other.
    let turn = Promise.resolve()
    const write = async (callback: (store: IDBObjectStore) => unknown): Promise<unknown> => {
      const mine = turn
      let done = (): void => undefined
      turn = new Promise((resolve) => (done = resolve))
      await mine
      const { fault } = this
      this.hasFailed ||= fault !== 'none'
      const copy = new Map(this.records)
      const transaction = new FakeTransaction()
      clock.after({ none: 1, slow: 400, fail: 1, hang: 20_000 }[fault], () => {
        done()
        if (transaction.isAborted) return
        if (fault !== 'fail') this.records = copy
        else transaction.error = new Error('the disk fails')
        const told = fault === 'fail' ? transaction.onabort : transaction.oncomplete
        told?.()
      })
      return callback(objectStore(copy, transaction))
    }
    const use = async (
      mode: IDBTransactionMode,
      callback: (store: IDBObjectStore) => unknown,
    ): Promise<unknown> => {
      this.hasFailed ||= this.fault === 'fail'
      if (this.fault === 'fail') throw new Error('the disk fails')
      return mode === 'readwrite'
        ? write(callback)
        : callback(objectStore(this.records, new FakeTransaction()))
    }
    // `UseStore` is generic in what its callback returns, which is handed through.
    return { use: use as Store['use'], close: () => undefined, destroy: async () => this.records.clear() }
  }
}

/** As much of an object store as the journal uses. */
const objectStore = (records: Map<Key, unknown>, transaction: FakeTransaction): IDBObjectStore => {
  const numbers = (): number[] =>
    [...records.keys()].filter((key) => typeof key === 'number').toSorted((a, b) => a - b)
  const store = {
    transaction,
    put: (value: unknown, key: Key) => records.set(key, structuredClone(value)),
    delete: (key: Key) => records.delete(key),
    clear: () => records.clear(),
    get: (key: Key) => new FakeRequest(records.get(key)),
    getAll: () => new FakeRequest(numbers().map((key) => records.get(key))),
    getAllKeys: () => new FakeRequest(numbers()),
  }
  return store as unknown as IDBObjectStore // see above
}

/** The journal asks for its segments by a range of all numbers. */
globalThis.IDBKeyRange ??= { bound: () => 'all numbers' } as unknown as typeof IDBKeyRange // Node has none
