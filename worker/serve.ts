/** The worker's end of the bridge to one tab. */
import { openPort } from '../src/bridge-port.js'
import {
  BRIDGE_VERSION,
  type BridgeError,
  type Greeting,
  type Hello,
  type HubPort,
  type Position,
  type TabPort,
} from '../src/bridge.js'
import { hubFor } from './hosts.js'
import type { Hub, Tab } from './hub.js'

interface Attached {
  readonly hub: Hub
  readonly tab: Tab
}

/** Comlink closes a port whose proxy is collected, so each is held for as long as its tab lives. */
const held = new Set<object>()

const notAttached: BridgeError = { code: 'closed', message: 'expected an attached tab, got one that is not' }

/** A tab holds a lock for as long as it lives; being granted it means that the tab is gone, however it ended. */
const whenGone = (lock: string, callback: () => void): void => {
  void navigator.locks.request(lock, { mode: 'shared' }, callback)
}

/** Serves one port. `workerLock` is the lock that this worker holds for as long as it lives. */
export const serve = (port: MessagePort, workerLock: Promise<string>): void => {
  let attached: Attached | null = null

  /** Counts what the tab asks for: an `attach` that had to wait must not undo a later `detach`. */
  let asked = 0

  const detach = (): void => {
    asked += 1
    attached?.hub.detach(attached.tab)
    attached = null
  }

  const greet = async (lock: string): Promise<Greeting> => {
    whenGone(lock, () => {
      detach()
      held.delete(remote)
      port.close()
    })
    return { bridge: BRIDGE_VERSION, workerLock: await workerLock }
  }

  const attach = async (hello: Hello): Promise<Position> => {
    detach()
    const mine = asked
    let hub = await hubFor(hello)
    // The last tab's time may have run out at this very moment.
    while (hub.isStopped) hub = await hubFor(hello)
    if (mine !== asked) throw new Error('overtaken by a later call')
    const { tab, position } = hub.attach(hello, remote)
    attached = { hub, tab }
    return position
  }

  const own: HubPort = {
    greet,
    attach,
    detach,
    setChannels: (channels) => attached?.hub.setChannels(attached.tab, channels),
    send: (frame) => (attached ? attached.hub.send(frame) : notAttached),
    history: (limit) => attached?.hub.history(limit) ?? [],
    reconnect: () => attached?.hub.reconnect(),
    logout: async () => attached?.hub.logout(),
  }
  const remote = openPort<TabPort>(port, { ...own })
  held.add(remote)
}
