/** The hubs of this worker, one an agent: a worker serves all agents of its origin. */
import type { Hello } from '../src/bridge.js'
import { systemClock } from './clock.js'
import { Hub } from './hub.js'
import { openStore } from './store.js'

const hubs = new Map<string, Promise<Hub>>()

/** The names under which an agent's hub is known to the browser: its Web Lock and its database. */
const nameOf = (identity: string): string => `tabmux:${identity}`

/**
 * Waits for the lock that only one hub of an agent can hold, in whatever worker: two would write one journal and
 * hold two sockets. Returns what lets go of it.
 */
const acquire = (name: string): Promise<() => void> =>
  new Promise((resolve, reject) => {
    navigator.locks
      .request(name, () => new Promise<void>((release) => resolve(() => release())))
      .catch(reject)
  })

const start = async ({ identity, baseUrl, connection }: Hello): Promise<Hub> => {
  const release = await acquire(nameOf(identity))
  const hub = new Hub({
    baseUrl,
    options: connection,
    instance: crypto.randomUUID(),
    store: openStore(nameOf(identity)),
    clock: systemClock,
    random: Math.random,
    stopping: () => hubs.delete(identity),
    stopped: release,
  })
  await hub.start()
  return hub
}

/** The agent's hub, started if there is none. */
export const hubFor = (hello: Hello): Promise<Hub> => {
  const { identity } = hello
  let hub = hubs.get(identity)
  if (!hub) {
    hub = start(hello)
    hubs.set(identity, hub)
    hub.catch(() => hubs.delete(identity))
  }
  return hub
}

/** Tells every hub that the browser says it is online. */
export const online = (): void => {
  for (const hub of hubs.values()) void hub.then((running) => running.online())
}
