/**
 * The SharedWorker: `import 'tabmux/worker'` in the worker's own file is all of it.
 *
 * `onconnect` is set before anything else is awaited: a tab that connects while the worker starts is not missed.
 */
import { online } from './hosts.js'
import { serve } from './serve.js'

const workerLock = `tabmux:worker:${crypto.randomUUID()}`
// Held until the worker ends. Tabs wait for it: there is no event that tells them of the end.
void navigator.locks.request(workerLock, () => new Promise(() => undefined))

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports // the only kind of event that a SharedWorker's `connect` is
  if (port) serve(port, workerLock)
})
addEventListener('online', online)
