/** What the test program can do to the worker: end it, make it hang, and break its IndexedDB. */
import type { Command, DiskFault } from '../told.js'

/** A worker that starts while the disk is broken finds it so from its first use on. */
const askForFault = (): DiskFault => {
  const request = new XMLHttpRequest()
  request.open('GET', '/disk', false)
  request.send()
  return request.responseText as DiskFault // what the recorder answers
}

let fault = askForFault()
const database = IDBDatabase.prototype
const factory = IDBFactory.prototype
// Both are called with their own `this` below.
const { transaction } = database
const { open } = factory

/** Keeps a transaction busy, so that those after it wait for as long as the fault lasts. */
const occupy = (busy: IDBTransaction): void => {
  const [name] = busy.objectStoreNames
  if (fault === 'hangs' && name !== undefined)
    busy
      .objectStore(name)
      .count()
      .addEventListener('success', () => occupy(busy))
}

database.transaction = function faulty(this: IDBDatabase, names, mode, options) {
  if (fault === 'fails') throw new DOMException('the disk fails', 'UnknownError')
  if (fault === 'hangs') occupy(transaction.call(this, names, 'readwrite'))
  const begun = transaction.call(this, names, mode, options)
  // A full disk shows at the commit, by an abort and nothing else.
  if (fault === 'aborts' && mode === 'readwrite') queueMicrotask(() => begun.abort())
  return begun
}
factory.open = function faulty(this: IDBFactory, name, version) {
  if (fault === 'fails') throw new DOMException('the disk fails', 'UnknownError')
  return open.call(this, name, version)
}

const obey = (command: Command): void => {
  if (command.do === 'end') self.close()
  if (command.do === 'disk') fault = command.fault
  if (command.do === 'hang') {
    const until = performance.now() + command.ms
    while (performance.now() < until); // it answers nobody
  }
}
new EventSource('/commands').addEventListener('message', ({ data }) => obey(JSON.parse(data)))
