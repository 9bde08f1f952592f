/**
 * Who runs where, by Web Locks: their names are the one thing that a page can see of workers that it has no port to, also
 * of one that hangs. A worker's lock says where it can be reached; an agent's lock is held by the worker that has its hub.
 */
import type { WorkerAddress } from './bridge.js'

const WORKER = 'tabmux:worker:'

/** The name of the lock that an agent's hub holds; also of its database and its channel. */
export const agentLock = (identity: string): string => `tabmux:${identity}`

/** The name of the lock that a worker holds for as long as it lives. */
export const workerLockOf = ({ bridge, url, name }: WorkerAddress): string =>
  WORKER + JSON.stringify([bridge, url, name, crypto.randomUUID()])

/** Where the holder of a lock of this name can be reached; null if it is no worker's. */
export const addressOf = (lock: string): WorkerAddress | null => {
  if (!lock.startsWith(WORKER)) return null
  try {
    const parts: unknown = JSON.parse(lock.slice(WORKER.length))
    if (!Array.isArray(parts)) return null
    const [bridge, url, name] = parts as unknown[]
    return typeof bridge === 'number' && typeof url === 'string' && typeof name === 'string'
      ? { bridge, url, name }
      : null
  } catch {
    return null
  }
}

/** Where the hub of an agent is; null if there is none. */
export const holderOf = async (identity: string): Promise<WorkerAddress | null> => {
  const { held = [] } = await navigator.locks.query()
  const holder = held.find(({ name }) => name === agentLock(identity))?.clientId
  for (const { name = '', clientId } of held) {
    const address = clientId === holder ? addressOf(name) : null
    if (holder && address) return address
  }
  return null
}

/** Does the worker at this address run? */
export const isRunning = async ({ url, name }: WorkerAddress): Promise<boolean> => {
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => {
    const address = addressOf(lock.name ?? '')
    return address?.url === url && address.name === name
  })
}

/** What a worker that takes the place of one that hangs is called: the same script under the next name. */
export const successorOf = (address: WorkerAddress): WorkerAddress => {
  const [, base = '', generation = '0'] = /^(.*?)(?:~(\d+))?$/s.exec(address.name) ?? []
  return { ...address, name: `${base}~${Number(generation) + 1}` }
}
