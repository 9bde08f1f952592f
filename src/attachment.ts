/**
 * This page's place at an agent's hub: the lock that says that the page lives, the worker and the port, the position,
 * and the start again when any of them is lost. Several `connect` calls of one agent share one attachment.
 */
import type { Remote } from 'comlink'
import {
  BRIDGE_VERSION,
  type Batch,
  type BridgeError,
  type ClientFrame,
  type DeliveredEntry,
  type HubPort,
  type HubStatus,
  type RelayReport,
  type TabPort,
  type WorkerAddress,
} from './bridge.js'
import { Counts } from './counts.js'
import { CALL_DEADLINE_MS, unresponsive, within } from './deadline.js'
import { handle, type Receiver } from './delivery.js'
import { addressOf, isRunning, successorOf } from './directory.js'
import { decodeError, TabmuxError } from './errors.js'
import type { RelayStatus } from './events.js'
import { hold, whenFree } from './locks.js'
import { Memberships, type Actor } from './memberships.js'
import type { CheckedOptions } from './options.js'
import { StoredPosition } from './position.js'
import { GREETING_TIME_MS, otherHolder, reach, type Target } from './reach.js'
import { watch } from './watch.js'
import { isSameAddress } from './worker-address.js'

/** Who is told what comes in. */
export interface Listener extends Actor, Receiver {
  /** A batch begins: this is the status from here on. */
  readonly status: (status: RelayStatus) => void
  readonly error: (error: TabmuxError) => void
  readonly loggedOut: () => void
}

/** How many times in a row the worker may end before it has a hub, until the app is told. */
const PATIENT_RESTARTS = 4
/** The longest delay before the worker is started once more, in milliseconds. */
const LONGEST_RESTART_MS = 30_000

const initialStatus: RelayStatus = Object.freeze<RelayStatus>({
  state: 'starting',
  attempt: 0,
  agentSeq: null,
  resyncing: false,
  tabs: 0,
  persistence: { mode: 'memory', reason: 'the worker has not answered yet' },
  host: 'shared-worker',
  instance: null,
  journal: { first: 0, last: 0 },
  lastResync: null,
  channels: [],
  dropped: 0,
  position: null,
})

/** See the head of this file. */
export class Attachment {
  /** What a tab knows before the worker has answered. */
  static readonly initialStatus = initialStatus
  readonly #identity: string
  readonly #options: CheckedOptions
  readonly #position: StoredPosition
  readonly #listeners = new Set<Listener>()
  /** How many subscriptions of this page want a channel. */
  readonly #channels = new Counts()
  readonly #memberships = new Memberships(() => this.#setGroups())
  #unwatch: () => void = () => undefined
  #status: RelayStatus = initialStatus
  /** What undoes the present attempt to be attached, newest last. Empty while there is none. */
  #undo: (() => void)[] = []
  /** The hub's methods, once this page is attached. */
  #hub: Remote<HubPort> | null = null
  #waiting: ((hub: Remote<HubPort>) => void)[] = []
  #whenLoggedOut: (() => void)[] = []
  #restarts = 0
  /** The worker to go to instead of this build's own: it took over, or takes the place of one that hangs. */
  #target: Target | null = null

  constructor(identity: string, options: CheckedOptions) {
    this.#identity = identity
    this.#options = options
    this.#position = new StoredPosition(identity)
  }

  get status(): RelayStatus {
    return this.#status
  }

  /** Adds a listener; the first one attaches the page. */
  join(listener: Listener): void {
    this.#listeners.add(listener)
    if (this.#listeners.size > 1) return
    addEventListener('pagehide', this.#leave)
    addEventListener('pageshow', this.#return)
    this.#unwatch = this.#memberships.watch()
    void this.#start()
  }

  /** Removes a listener; the last one detaches the page. Returns whether it was the last. */
  part(listener: Listener): boolean {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return false
    removeEventListener('pagehide', this.#leave)
    removeEventListener('pageshow', this.#return)
    this.#unwatch()
    this.#leave()
    return true
  }

  // ── what the tab asks for ────────────────────────────────────────────────────────────────────────────────

  /** One more, or one less, subscription of this page wants these channels. */
  want(channels: readonly string[], by: 1 | -1): void {
    for (const channel of channels) this.#channels.add(channel, by)
    this.#setChannels()
  }

  #setChannels(): void {
    this.#report(this.#hub?.setChannels(this.#channels.names))
  }

  /** One more, or one less, handler of this page is in a consumer group. */
  enter(group: string, by: 1 | -1): void {
    this.#memberships.enter(group, by)
  }

  #setGroups(): void {
    this.#report(this.#hub?.setGroups(this.#memberships.current, this.#memberships.view))
  }

  #report(refused: Promise<BridgeError | null> | undefined): void {
    refused?.then((error) => error && this.#tell(decodeError(error))).catch(() => undefined)
  }

  async send(frame: ClientFrame): Promise<void> {
    const error = await this.#call((hub) => hub.send(frame))
    if (error) throw decodeError(error)
  }

  history(limit: number): Promise<readonly DeliveredEntry[]> {
    return this.#call((hub) => hub.history(limit))
  }

  async inspect(): Promise<RelayReport> {
    const report = await this.#call<RelayReport | BridgeError>((hub) => hub.inspect())
    if ('code' in report) throw decodeError(report)
    return report
  }

  async reconnect(): Promise<void> {
    await this.#call((hub) => hub.reconnect())
  }

  /** Resolves once the agent is logged out. The word of it may overtake the answer, and closes the port. */
  async logout(): Promise<void> {
    const told = new Promise<null>((resolve) => this.#whenLoggedOut.push(() => resolve(null)))
    const error = await Promise.race([told, this.#call((hub) => hub.logout())])
    if (error) throw decodeError(error)
    this.#position.clear()
  }

  /** Calls the hub, as soon as this page is attached; but not after its deadline, when nobody expects it any more. */
  async #call<T>(use: (hub: Remote<HubPort>) => Promise<T>): Promise<T> {
    let isExpired = false
    const attached = this.#hub ?? new Promise<Remote<HubPort>>((resolve) => this.#waiting.push(resolve))
    const call = async (): Promise<T> => {
      const hub = await attached
      if (isExpired) throw unresponsive(CALL_DEADLINE_MS)
      return use(hub)
    }
    try {
      return await within(call())
    } finally {
      isExpired = true
    }
  }

  // ── being attached ───────────────────────────────────────────────────────────────────────────────────────

  async #start(): Promise<void> {
    const undo: (() => void)[] = []
    this.#undo = undo
    const isCurrent = () => this.#undo === undo
    try {
      const lock = `tabmux:tab:${crypto.randomUUID()}`
      undo.push(await hold(lock))
      if (isCurrent() && !this.#position.current) await this.#position.load()
      if (isCurrent()) await this.#attach(lock, undo, isCurrent)
    } catch (error) {
      if (isCurrent()) this.#failed(error)
    }
    if (!isCurrent()) release(undo)
  }

  async #attach(lock: string, undo: (() => void)[], isCurrent: () => boolean): Promise<void> {
    const { baseUrl, connection, storage, from, token } = this.#options
    const tab: TabPort = {
      // A port that was given up gets no answer: nothing is acknowledged that was not handled.
      deliver: (batch) =>
        isCurrent() ? this.#deliver(batch, lock, isCurrent) : new Promise(() => undefined),
      act: (turn) =>
        isCurrent() ? this.#memberships.act(turn, [...this.#listeners]) : new Promise(() => undefined),
      token,
    }
    const reached = await reach({
      identity: this.#identity,
      lock,
      tab,
      own: this.#options.worker,
      target: this.#target,
      undo,
      isCurrent,
    })
    if (!isCurrent()) return
    if ('silent' in reached) return await this.#replace(reached.silent, GREETING_TIME_MS, isCurrent)
    const { remote, greeting } = reached
    const { bridge, workerLock } = greeting
    if (bridge !== BRIDGE_VERSION) throw outdated(bridge)
    // From here on its end is told by its lock, however it comes, and that it hangs by its silence.
    undo.push(whenFree(workerLock, () => isCurrent() && (this.#hub ? this.#restart() : this.#died())))
    let instance: string | null = null
    const end = watch({
      probe: () => remote.probe(),
      instance: () => instance,
      hung: () => {
        const replacing = this.#replace(addressOf(workerLock), CALL_DEADLINE_MS, isCurrent)
        replacing.catch((error: unknown) => isCurrent() && this.#failed(error))
      },
      replaced: () => this.#restart(),
    })
    undo.push(end)
    const waiting = setTimeout(() => this.#tell(lockedOut()), CALL_DEADLINE_MS)
    undo.push(() => clearTimeout(waiting))
    const attached = await remote.attach({
      baseUrl,
      identity: this.#identity,
      connection,
      storage,
      position: this.#position.current,
      from,
      channels: this.#channels.names,
    })
    clearTimeout(waiting)
    if (!isCurrent()) return
    if ('code' in attached) throw decodeError(attached)
    if ('moved' in attached) return this.#move(attached.moved)
    instance = attached.instance
    if (!this.#position.current) this.#position.save(attached.position, lock)
    this.#hub = remote
    this.#setChannels()
    if (this.#memberships.current.length > 0) this.#setGroups()
    this.#restarts = 0
    for (const resolve of this.#waiting.splice(0)) resolve(remote)
  }

  /** The worker is silent. Another one takes its place: the one that has the agent now, or the next by name. */
  async #replace(silent: WorkerAddress | null, ms: number, isCurrent: () => boolean): Promise<void> {
    const holder = await otherHolder(this.#identity)
    if (!isCurrent()) return
    const isElsewhere = holder && !(silent && isSameAddress(holder, silent))
    // One that does not even hold its lock has not begun to run: its script is slow, or fails.
    const hasHung = silent && !isElsewhere && (await isRunning(silent))
    if (!isCurrent()) return
    const address = isElsewhere ? holder : hasHung && successorOf(silent)
    if (!address) return this.#failed(unresponsive(ms))
    this.#target = { address, mayStart: !isElsewhere }
    this.#tell(hangs(ms))
    this.#restart()
  }

  /** The worker has ended before it had a hub. Once is chance; the next one helps. */
  #died(): void {
    this.#restarts += 1
    if (this.#restarts > PATIENT_RESTARTS) this.#failed(workerDied())
    else this.#restart()
  }

  #move(to: WorkerAddress): void {
    if (to.bridge !== BRIDGE_VERSION) return this.#failed(outdated(to.bridge))
    this.#target = { address: to, mayStart: false }
    this.#restart()
  }

  /** The worker is gone, or was never there. The next one goes on from this tab's position. */
  #restart(): void {
    this.#release()
    this.#setStatus({ ...this.#status, state: 'starting', instance: null })
    // Whoever is told of it may have closed the page's last connection.
    if (this.#listeners.size > 0) void this.#start()
  }

  #failed(error: unknown): void {
    this.#release()
    const told =
      error instanceof TabmuxError ? error : new TabmuxError('worker_failed', `the worker failed: ${error}`)
    if (told.code === 'worker_failed' && this.#target) {
      this.#target = null
      return this.#restart()
    }
    this.#tell(told)
    if (told.code === 'outdated' || this.#listeners.size === 0) return
    const delay = Math.min(1_000 * 2 ** this.#restarts, LONGEST_RESTART_MS)
    const timer = setTimeout(() => this.#restart(), delay)
    this.#restarts += 1
    this.#undo.push(() => clearTimeout(timer))
  }

  #tell(error: TabmuxError): void {
    for (const listener of this.#listeners) listener.error(error)
  }

  /** The page goes, perhaps into the back/forward cache, where it must not hold anything. */
  readonly #leave = (): void => {
    this.#release()
    this.#position.leave()
  }

  readonly #return = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#restart()
  }

  #release(): void {
    this.#hub = null
    release(this.#undo)
    this.#undo = []
  }

  // ── what comes in ────────────────────────────────────────────────────────────────────────────────────────

  /** Handles a batch, keeps the position, and by returning acknowledges it: in this order nothing can be lost. */
  #deliver(batch: Batch, lock: string, isCurrent: () => boolean): void {
    const { status, notices } = batch
    if (status) this.#setStatus(status)
    const listeners = [...this.#listeners]
    const position = handle(batch, listeners, this.#position.current, isCurrent)
    if (!position) return
    this.#position.save(position, lock)
    if (!isCurrent()) return this.#position.leave()
    for (const notice of notices) {
      if (notice.type === 'logged_out') this.#loggedOut(listeners)
      if (notice.type === 'moved') this.#move(notice.to)
    }
  }

  #loggedOut(listeners: readonly Listener[]): void {
    for (const listener of listeners) listener.loggedOut()
    this.#position.clear()
    for (const resolve of this.#whenLoggedOut.splice(0)) resolve()
  }

  #setStatus(status: HubStatus | RelayStatus): void {
    this.#status = Object.freeze({ ...status, position: this.#position.current })
    for (const listener of this.#listeners) listener.status(this.#status)
  }
}

const release = (undo: (() => void)[]): void => {
  for (const step of undo.splice(0).toReversed()) step()
}

const workerDied = (): TabmuxError =>
  new TabmuxError('worker_unresponsive', 'the worker has ended before it could be attached to')

const hangs = (ms: number): TabmuxError =>
  new TabmuxError(
    'worker_unresponsive',
    `the worker has not answered within ${ms} ms: another takes its place`,
  )

const lockedOut = (): TabmuxError =>
  new TabmuxError(
    'worker_unresponsive',
    `the worker has no hub of this agent after ${CALL_DEADLINE_MS} ms; this tab goes on when it has`,
  )

const outdated = (bridge: number): TabmuxError =>
  new TabmuxError(
    'outdated',
    `this tab speaks version ${BRIDGE_VERSION} of the bridge, the worker version ${bridge}: reload the page`,
  )
