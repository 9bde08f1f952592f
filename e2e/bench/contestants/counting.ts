/** Counts transactions and what they write, until a page asks. */
import { COUNTING_CHANNEL, type Written } from './written.js'

/** Bytes of a value as V8 serializes it, but for a few: browsers tell only what the database takes in all, in pages. */
const sizeOf = (value: unknown): number => {
  if (typeof value === 'string') {
    const isWide = /[^\0-\xff]/.test(value)
    return (isWide ? 2 : 1) * value.length + (value.length < 128 ? 2 : 3)
  }
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 30 ? 4 : 9
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength + 6
  if (typeof value !== 'object' || value === null) return 1
  // An array's indices are not written, a record's keys are.
  const parts = Array.isArray(value) ? value : Object.entries(value).flat()
  return parts.reduce<number>((sum, part) => sum + sizeOf(part), 6)
}

/** Wraps the two methods of IndexedDB that write. The browser's own are called as ever. */
export const countWrites = (): void => {
  let transactions = 0
  let inFlight = 0
  let mostInFlight = 0
  let bytes = 0

  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const begun = transaction.call(this, stores, mode, options)
    if (mode === 'readwrite') {
      transactions += 1
      mostInFlight = Math.max(mostInFlight, ++inFlight)
      for (const end of ['complete', 'abort']) begun.addEventListener(end, () => (inFlight -= 1))
    }
    return begun
  }
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = function (value, key) {
    bytes += sizeOf(value)
    return put.call(this, value, key)
  }

  const channel = new BroadcastChannel(COUNTING_CHANNEL)
  channel.addEventListener('message', ({ data }) => {
    const written: Written = { transactions, mostInFlight, bytes }
    if (data === 'report') channel.postMessage(written)
  })
}
