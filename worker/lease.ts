/**
 * The right to an agent's journal and socket: a Web Lock, which only one hub can hold, in whatever worker. Whoever
 * starts last gets it: the holder is asked to give way, over the channel of the agent's name, and if it hangs and does
 * not, the lock is taken from it. What it may still write then is refused by the journal.
 */
import type { WorkerAddress } from '../src/bridge.js'
import { agentLock, holderOf } from '../src/directory.js'

/** How often a hub that waits asks the holder to give way, in milliseconds. */
const ASK_EVERY_MS = 500
/** How long a holder may leave that unanswered before it counts as hanging. In milliseconds. */
const PATIENCE_MS = 3_000

/** The lock, held. */
export interface Lease {
  readonly release: () => void
  /** Another hub asks for it. */
  readonly onAsked: (callback: (by: WorkerAddress) => void) => void
  /** Somebody has taken it: settles then, with the address of the new holder if it is known. */
  readonly lost: Promise<WorkerAddress | null>
}

const isAddress = (data: unknown): data is WorkerAddress =>
  typeof data === 'object' && data !== null && 'bridge' in data && 'url' in data && 'name' in data

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

/** Waits for the lease of an agent. `here` is where this worker can be reached. */
export const acquire = async (identity: string, here: WorkerAddress): Promise<Lease> => {
  const name = agentLock(identity)
  const channel = new BroadcastChannel(name)
  const waiting = new AbortController()
  const granted = request(name, { signal: waiting.signal })
  let silent = { holder: '', ms: 0 }
  const asking = setInterval(async () => {
    channel.postMessage(here)
    // Only as long as it is the same one: two that wait must not take it from each other.
    const holder = JSON.stringify(await holderOf(identity))
    silent = { holder, ms: holder === silent.holder ? silent.ms + ASK_EVERY_MS : 0 }
    if (silent.ms >= PATIENCE_MS) waiting.abort()
  }, ASK_EVERY_MS)
  channel.postMessage(here)
  let lock: Lock
  try {
    lock = await granted.catch((error: unknown) => {
      if (waiting.signal.aborted) return request(name, { steal: true })
      throw error
    })
  } catch (error) {
    channel.close()
    throw error
  } finally {
    clearInterval(asking)
  }
  return {
    release: () => {
      channel.close()
      lock.release()
    },
    onAsked: (callback) =>
      channel.addEventListener('message', ({ data }) => isAddress(data) && callback(data)),
    lost: lock.lost.then(() => holderOf(identity)),
  }
}
