/** Counts transactions and keeps what they write, until a page asks. */
import { COUNTING_CHANNEL, type Written } from './written.js'

/** Wraps the two methods of IndexedDB that write. The browser's own are called as ever. */
export const countWrites = (): void => {
  let transactions = 0
  let inFlight = 0
  let mostInFlight = 0
  const values: unknown[] = []

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
    values.push(value)
    return put.call(this, value, key)
  }

  const channel = new BroadcastChannel(COUNTING_CHANNEL)
  channel.addEventListener('message', ({ data }) => {
    const written: Written = { transactions, mostInFlight, values }
    if (data === 'report') channel.postMessage(written)
  })
}
