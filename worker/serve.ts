/** The worker's end of the bridge to one tab. */
import { openPort } from '../src/bridge-port.js'
import {
  BRIDGE_VERSION,
  type Attached,
  type BridgeError,
  type Greeting,
  type HubPort,
  type Moved,
  type RelayReport,
  type TabPort,
} from '../src/bridge.js'
import { encodeError, TabmuxError } from '../src/errors.js'
import { systemClock } from './clock.js'
import { hubFor } from './hosts.js'
import type { Hub, Tab } from './hub.js'
import {
  Allowance,
  checkChannels,
  checkFrame,
  checkGroups,
  checkHello,
  checkLimit,
  checkTabLock,
  refusal,
} from './requests.js'

/** Comlink closes a port whose proxy is collected, so each is held for as long as its tab lives. */
const held = new Set<object>()

const notAttached: BridgeError = { code: 'closed', message: 'expected an attached tab, got one that is not' }

/** A tab holds a lock for as long as it lives; being granted it means that the tab is gone, however it ended. */
const whenGone = (lock: string, callback: () => void): void => {
  void navigator.locks.request(lock, { mode: 'shared' }, callback)
}

/** Comlink would drop its code. */
const encode = (error: unknown): BridgeError => {
  if (error instanceof TabmuxError) return encodeError(error)
  throw error
}

/** Serves one port. `workerLock` is the lock that this worker holds for as long as it lives. */
export const serve = (port: MessagePort, workerLock: Promise<string>): void => {
  let attached: { readonly hub: Hub; readonly tab: Tab } | null = null
  const allowance = new Allowance(systemClock)

  /** Counts what the tab asks for: an `attach` that had to wait must not undo a later `detach`. */
  let asked = 0

  /** A port is good for one hub: once that has ended, by a logout or otherwise, it is good for nothing. */
  const current = (): typeof attached => (attached?.hub.isStopped ? null : attached)

  const detach = (): void => {
    asked += 1
    attached?.hub.detach(attached.tab)
    attached = null
  }

  const greet = async (lock: unknown): Promise<Greeting> => {
    whenGone(checkTabLock(lock), () => {
      detach()
      held.delete(remote)
      port.close()
    })
    return { bridge: BRIDGE_VERSION, workerLock: await workerLock }
  }

  const attach = async (request: unknown): Promise<Attached | Moved> => {
    const hello = checkHello(request)
    detach()
    const mine = asked
    let hub: Hub
    do {
      hub = await hubFor(hello)
      if (mine !== asked) throw new Error('overtaken by a later call')
      if (hub.movedTo) return { moved: hub.movedTo }
      // The last tab's time may have run out at this very moment.
    } while (hub.isStopped)
    const { tab, position } = hub.attach(hello, remote)
    attached = { hub, tab }
    return { instance: hub.instance, position }
  }

  const setChannels = (channels: unknown): void => {
    const checked = checkChannels(channels)
    const at = current()
    at?.hub.setChannels(at.tab, checked)
  }

  const setGroups = (memberships: unknown, seen: unknown): void => {
    const { groups, view } = checkGroups(memberships, seen)
    const at = current()
    at?.hub.setGroups(at.tab, groups, view)
  }

  const send = (frame: unknown): BridgeError | null => {
    const checked = checkFrame(frame)
    allowance.take()
    return current()?.hub.send(checked) ?? null
  }

  const inspect = (): RelayReport | BridgeError => {
    allowance.take()
    const at = current()
    return at ? at.hub.inspect(at.tab) : notAttached
  }

  const own: HubPort = {
    greet,
    attach: (hello) => attach(hello).catch(encode),
    // One whose hub has ended is told so by that: what it has moved to, or that it is logged out.
    probe: () => (attached?.hub.has(attached.tab) ? attached.hub.instance : null),
    detach,
    setChannels: (channels) => refusal(() => (setChannels(channels), null)),
    setGroups: (groups, view) => refusal(() => (setGroups(groups, view), null)),
    send: (frame) => (current() ? refusal(() => send(frame)) : notAttached),
    history: (limit) => current()?.hub.history(checkLimit(limit)) ?? [],
    inspect: async () => refusal(inspect),
    reconnect: () => current()?.hub.reconnect(),
    logout: async () => attached?.hub.logout() ?? notAttached,
  }
  const remote = openPort<TabPort>(port, { ...own })
  held.add(remote)
}
