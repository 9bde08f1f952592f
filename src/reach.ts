/** Finds a worker that answers: this build's own, the one that it has given way to, or the one that has the agent. */
import type { Remote } from 'comlink'
import { openPort } from './bridge-port.js'
import { BRIDGE_VERSION, type Greeting, type HubPort, type TabPort, type WorkerAddress } from './bridge.js'
import { withinOrNothing } from './deadline.js'
import { holderOf, isRunning } from './directory.js'
import { TabmuxError } from './errors.js'
import { isSameAddress, waysTo } from './worker-address.js'

/** A worker that has answered. */
export interface Reached {
  readonly remote: Remote<HubPort>
  readonly greeting: Greeting
}

/** A worker to go to by its address. */
export interface Target {
  readonly address: WorkerAddress
  /**
   * It is made if it does not run. Not where it is another build's own: that build's pages know with which options
   * it is to run, and with others they could not come to it.
   */
  readonly mayStart: boolean
}

/** Who asks, and for what. */
export interface Wanted {
  readonly identity: string
  /** The lock of this page. */
  readonly lock: string
  readonly tab: TabPort
  /** Makes this build's own worker. */
  readonly own: () => SharedWorker
  /** The worker to go to instead, if there is one. */
  readonly target: Target | null
  /** Takes what undoes it all. */
  readonly undo: (() => void)[]
  readonly isCurrent: () => boolean
}

/** How long the worker may take to say that it is there, before it is asked once more; then twice as long. In milliseconds. */
const GREETING_DEADLINE_MS = 500
/** The last time that it is waited for before it counts as hanging, 15.5 seconds after the first. In milliseconds. */
const LAST_GREETING_DEADLINE_MS = 8_000
/** All of these together, in milliseconds. */
export const GREETING_TIME_MS = 2 * LAST_GREETING_DEADLINE_MS - GREETING_DEADLINE_MS

/**
 * The worker that has the agent, for a page whose own is silent. Null: there is none, or it is of an older bridge, from which
 * this build's own takes the agent over as soon as it runs. One of a newer bridge tells the page that it is outdated.
 */
export const otherHolder = async (identity: string): Promise<WorkerAddress | null> => {
  const holder = await holderOf(identity)
  return holder && holder.bridge >= BRIDGE_VERSION ? holder : null
}

const workerFailed = (): TabmuxError =>
  new TabmuxError(
    'worker_failed',
    'the SharedWorker could not be started: its script cannot be loaded, or one of the same URL and name runs with other options',
  )

/** Says hello to a worker. @throws {TabmuxError} `worker_failed` */
const greet = async (worker: SharedWorker, { lock, tab, undo }: Wanted): Promise<Reached> => {
  const remote = openPort<HubPort>(worker.port, { ...tab })
  undo.push(
    () => worker.port.close(),
    () => void remote.detach(),
  )
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () => reject(workerFailed()), { once: true })
  })
  return Promise.race([remote.greet(lock).then((greeting) => ({ remote, greeting })), failed])
}

/** The same, whatever options the worker was made with. @throws {TabmuxError} `worker_failed` */
const greetAt = async ({ address, mayStart }: Target, wanted: Wanted): Promise<Reached> => {
  if (!mayStart && !(await isRunning(address))) throw workerFailed()
  for (const connect of waysTo(address)) {
    if (!wanted.isCurrent()) break
    const reached = await greet(connect(), wanted).catch(() => null)
    if (reached) return reached
  }
  throw workerFailed()
}

/**
 * Connects to the worker, and as long as it is silent once more: one that is being killed still takes connections,
 * and one that starts slowly answers the first. Whichever answers is the one. If another worker has the agent, it is asked
 * too: this build's own may hang, and that one have taken its place.
 *
 * @returns or the address of the worker that is silent, null if it is not known
 * @throws {TabmuxError} `worker_failed`
 */
export const reach = async (wanted: Wanted): Promise<Reached | { readonly silent: WorkerAddress | null }> => {
  const { identity, own, target, isCurrent } = wanted
  const answers: Promise<Reached>[] = []
  let asked = target?.address ?? null
  for (let patience = GREETING_DEADLINE_MS; ; patience *= 2) {
    answers.push(target ? greetAt(target, wanted) : greet(own(), wanted))
    const answer = await withinOrNothing(Promise.race(answers), patience)
    if (answer) return answer
    if (patience >= LAST_GREETING_DEADLINE_MS || !isCurrent()) return { silent: asked }
    const holder = await otherHolder(identity)
    if (!isCurrent()) return { silent: asked }
    if (!holder || (asked && isSameAddress(holder, asked))) continue
    asked = holder
    const other = { address: holder, mayStart: false }
    answers.push(greetAt(other, wanted).catch(() => new Promise(() => undefined)))
  }
}
