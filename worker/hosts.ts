/** The hubs of this worker, one an agent: a worker serves all agents of its origin. */
import { BRIDGE_VERSION, type Hello, type WorkerAddress } from '../src/bridge.js'
import { systemClock } from './clock.js'
import { Hub } from './hub.js'
import { openStore } from './store.js'

const hubs = new Map<string, Promise<Hub>>()

/** The names under which an agent's hub is known to the browser: its Web Lock and its database. */
const nameOf = (identity: string): string => `tabmux:${identity}`

/** How often a hub that waits for another worker's asks it to give way, in milliseconds. */
const ASK_EVERY_MS = 500

/** What a waiting hub says, over the channel of the agent's name. */
const isAddress = (data: unknown): data is WorkerAddress =>
  typeof data === 'object' && data !== null && 'bridge' in data && 'url' in data && 'name' in data

/**
 * Waits for the lock that only one hub of an agent can hold, in whatever worker: two would write one journal and
 * hold two sockets. Whoever holds it is asked to give way: the worker that starts last is that of the newest build.
 */
const acquire = async (name: string, channel: BroadcastChannel): Promise<() => void> => {
  const here: WorkerAddress = { bridge: BRIDGE_VERSION, url: location.href, name: self.name }
  const asking = setInterval(() => channel.postMessage(here), ASK_EVERY_MS)
  const granted = new Promise<() => void>((resolve, reject) => {
    navigator.locks
      .request(name, () => new Promise<void>((release) => resolve(() => release())))
      .catch(reject)
  })
  channel.postMessage(here)
  try {
    return await granted
  } finally {
    clearInterval(asking)
  }
}

const start = async ({ identity, baseUrl, connection }: Hello): Promise<Hub> => {
  const channel = new BroadcastChannel(nameOf(identity))
  const release = await acquire(nameOf(identity), channel)
  const hub = new Hub({
    baseUrl,
    options: connection,
    instance: crypto.randomUUID(),
    store: openStore(nameOf(identity)),
    clock: systemClock,
    random: Math.random,
    stopping: () => {
      hubs.delete(identity)
      channel.close()
    },
    stopped: release,
  })
  channel.addEventListener('message', ({ data }) => isAddress(data) && hub.moveTo(data))
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
