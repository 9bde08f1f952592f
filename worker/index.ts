/**
 * The SharedWorker: `import 'tabmux/worker'` in the worker's own file is all of it.
 *
 * `onconnect` is set before anything else is awaited: a tab that connects while the worker starts is not missed.
 * @module
 */
import { workerLockOf } from '../src/directory.js'
import { here, online } from './hosts.js'
import { serve } from './serve.js'

/**
 * The name of a lock that is held until the worker ends. Tabs wait for it: there is no event that tells them of the
 * end. So it has to be held before they hear of it.
 */
const workerLock = new Promise<string>((resolve) => {
  const name = workerLockOf(here)
  void navigator.locks.request(name, () => {
    resolve(name)
    return new Promise(() => undefined)
  })
})

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports // the only kind of event that a SharedWorker's `connect` is
  if (port) serve(port, workerLock)
})
addEventListener('online', online)
