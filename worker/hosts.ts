/** The hubs of this worker, one an agent: a worker serves all agents of its origin. */
import { BRIDGE_VERSION, type Hello, type WorkerAddress } from '../src/bridge.js'
import { agentLock, holderOf } from '../src/directory.js'
import { systemClock } from './clock.js'
import { Hub } from './hub.js'
import { COMMIT_PAUSE_MS } from './journal.js'
import { acquire } from './lease.js'
import { openStore } from './store.js'

const hubs = new Map<string, Promise<Hub>>()

/** Where this worker can be reached. */
export const here: WorkerAddress = { bridge: BRIDGE_VERSION, url: location.href, name: self.name }

const start = async ({ identity, baseUrl, connection, storage }: Hello): Promise<Hub> => {
  const lease = await acquire(identity, here, (by) => hub.moveTo(by))
  const hub = new Hub({
    baseUrl,
    options: connection,
    storage,
    instance: crypto.randomUUID(),
    store: openStore(agentLock(identity)),
    clock: systemClock,
    random: Math.random,
    commitPauseMs: COMMIT_PAUSE_MS,
    // The tabs attach again, wherever the agent is then: perhaps here, to a hub that reads the journal anew.
    superseded: async () => hub.moveTo((await holderOf(identity).catch(() => null)) ?? here),
    stopping: () => hubs.delete(identity),
    stopped: lease.release,
  })
  void lease.lost.then((holder) => hub.moveTo(holder ?? here))
  try {
    await hub.start()
  } catch (error) {
    hub.stop()
    throw error
  }
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
  // One that cannot start is told to the tabs that wait for it.
  for (const hub of hubs.values()) hub.then((running) => running.online()).catch(() => undefined)
}
