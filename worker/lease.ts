/**
 * The right to an agent's journal and socket: a Web Lock, which only one hub can hold, in whatever worker. Whoever
 * starts last gets it: the holder is asked to give way, over the channel of the agent's name, and if it hangs and does
 * not, the lock is taken from it. What it may still write then is refused by the journal. Only a hub of an older bridge
 * gets nothing: the tabs of the newer one could not follow it.
 */
import type { WorkerAddress } from '../src/bridge.js'
import { agentLock, holderOf } from '../src/directory.js'
import { TabmuxError } from '../src/errors.js'

/** How often a hub that waits asks the holder to give way, in milliseconds. */
const ASK_EVERY_MS = 500
/** How long a holder may leave that unanswered before it counts as hanging. In milliseconds. */
const PATIENCE_MS = 3_000

/** The lock, held. */
export interface Lease {
  readonly release: () => void
  /** Somebody has taken it: settles then, with the address of the new holder if it is known. */
  readonly lost: Promise<WorkerAddress | null>
}

const isAddress = (data: unknown): data is WorkerAddress =>
  typeof data === 'object' && data !== null && 'bridge' in data && 'url' in data && 'name' in data

const outdated = ({ bridge }: WorkerAddress, newer: WorkerAddress): TabmuxError =>
  new TabmuxError(
    'outdated',
    `this build speaks version ${bridge} of the bridge, the worker that has the agent version ${newer.bridge}: reload the page`,
  )

interface Lock {
  readonly release: () => void
  readonly lost: Promise<void>
}

/** Asks for a lock. `lost` settles if it is taken away once it was granted. */
const request = (name: string, options: LockOptions): Promise<Lock> =>
  new Promise((resolve, reject) => {
    let take = (): void => undefined
    const lost = new Promise<void>((settle) => (take = settle))
    let isHeld = false
    navigator.locks
      .request(name, options, () => {
        isHeld = true
        return new Promise<void>((release) => resolve({ release: () => release(), lost }))
      })
      .catch((error: unknown) => (isHeld ? take() : reject(error)))
  })

/**
 * Waits for the lease of an agent.
 *
 * @param here where this worker can be reached
 * @param asked another hub asks for it
 * @throws {TabmuxError} `outdated`
 */
export const acquire = async (
  identity: string,
  here: WorkerAddress,
  asked: (by: WorkerAddress) => void,
): Promise<Lease> => {
  const name = agentLock(identity)
  const channel = new BroadcastChannel(name)
  const waiting = new AbortController()
  const refuse = (newer: WorkerAddress): void => waiting.abort(outdated(here, newer))
  let isHolder = false
  channel.addEventListener('message', ({ data }) => {
    if (!isAddress(data)) return
    if (!isHolder) return data.bridge > here.bridge ? refuse(data) : undefined
    if (data.bridge >= here.bridge) return asked(data)
    channel.postMessage(here)
  })
  let silent = { holder: '', ms: 0 }
  const ask = async (): Promise<void> => {
    channel.postMessage(here)
    const holder = await holderOf(identity)
    if (holder && holder.bridge > here.bridge) return refuse(holder)
    // Only as long as it is the same one: two that wait must not take it from each other.
    const key = JSON.stringify(holder)
    silent = { holder: key, ms: key === silent.holder ? silent.ms + ASK_EVERY_MS : 0 }
    if (silent.ms >= PATIENCE_MS) waiting.abort(null)
  }
  const asking = setInterval(() => ask().catch(() => undefined), ASK_EVERY_MS)
  channel.postMessage(here)
  let lock: Lock
  try {
    lock = await request(name, { signal: waiting.signal }).catch((error: unknown) => {
      // An abort without a reason: the holder hangs.
      if (error === null) return request(name, { steal: true })
      throw error
    })
  } catch (error) {
    channel.close()
    throw error
  } finally {
    clearInterval(asking)
  }
  isHolder = true
  return {
    release: () => {
      channel.close()
      lock.release()
    },
    lost: lock.lost.then(() => holderOf(identity)).catch(() => null),
  }
}
