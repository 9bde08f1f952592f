/**
 * One run: the real hub with its connection, session, journal and consumers, on simulated time, network, relay, disk
 * and tabs. Everything that happens follows from the scenario.
 */
import type { ConnectionOptions } from '../../src/bridge.js'
import { storageDefaults } from '../fakes/journal.js'
import { Hub } from '../hub.js'
import { COMMIT_PAUSE_MS } from '../journal.js'
import { Disk } from './disk.js'
import { GroupRecord } from './group-record.js'
import { judge, type Fault } from './judge.js'
import { Process } from './process.js'
import { Random } from './random.js'
import { SimulatedRelay } from './relay.js'
import type { Scenario } from './scenario.js'
import { SimulatedSocket } from './socket.js'
import { steps, type Stage } from './steps.js'
import { SimulatedTab, type Host } from './tab.js'
import { Timeline } from './timeline.js'
import { Witness } from './witness.js'

const connection: ConnectionOptions = {
  reconnectBaseDelayMs: 200,
  reconnectMaxDelayMs: 2_000,
  maxReconnectAttempts: Number.POSITIVE_INFINITY,
  connectTimeoutMs: 5_000,
  pingIntervalMs: 10_000,
  pongTimeoutMs: 2_000,
  lingerMs: 30_000,
  resyncMarginMs: 60_000,
}
const baseUrl = 'http://relay.test'
const MAX_TABS = 4
/** The tabs notice that a worker has died, and start another. In milliseconds. */
const RESTART_MS = 20

/** What came of a run. */
export interface Outcome {
  readonly faults: readonly Fault[]
  readonly events: number
  readonly deliveries: number
}

/** Runs a scenario. The same one gives the same run. */
export const simulate = (
  scenario: Scenario,
  /** Is told what happens, line by line. */
  trace: (line: string) => void = () => undefined,
): Promise<Outcome> => new World(scenario, trace).run()

/** A worker with its hub. More than one can be there: those that stall or have stopped are still on the disk. */
interface Worker extends Host {
  readonly startedAt: number
  isReady: boolean
}

class World implements Stage {
  readonly #scenario: Scenario
  readonly #random: Random
  readonly #timeline = new Timeline()
  readonly #witness = new Witness(this.#timeline)
  readonly #tabs: SimulatedTab[] = []
  /** All that there were, by their tokens. */
  readonly #workers = new Map<string, Worker>()
  /** The one that serves the tabs now. */
  #worker: Worker | null = null
  readonly #trace: (line: string) => void
  readonly #faults: Fault[] = []
  readonly relay: SimulatedRelay
  readonly disk = new Disk(this.#timeline, () => (this.#witness.diskIsSound = false))
  readonly #group = new GroupRecord(this.disk)

  constructor(scenario: Scenario, trace: (line: string) => void) {
    this.#scenario = scenario
    this.#trace = trace
    this.#random = new Random(scenario.noise)
    const kinds = new Random(scenario.noise + 1)
    this.relay = new SimulatedRelay(this.#timeline, kinds, this.#witness, scenario.relay)
  }

  async run(): Promise<Outcome> {
    const { WebSocket: own } = globalThis
    // The connection makes its sockets by the global name; one world runs at a time.
    globalThis.WebSocket = this.#socketClass()
    try {
      this.openTab()
      await this.#timeline.advance(100)
      for (const [name, number, wait] of this.#scenario.steps) {
        this.#trace(`--- ${name} (${number})`)
        steps[name].perform(this, number)
        await this.#timeline.advance(wait)
      }
      await this.#calmDown()
      this.#witness.closed()
    } finally {
      globalThis.WebSocket = own
      for (const { process } of this.#workers.values()) process.end()
    }
    return {
      faults: this.#judge(),
      events: this.relay.all.length,
      deliveries: this.#tabs.reduce((sum, { told }) => sum + told.length, 0),
    }
  }

  #judge(): Fault[] {
    if (this.relay.wasOvertaken) return this.#faults
    const { all } = this.relay
    const { happenings, unasked, excessive } = this.#witness
    const context = {
      all,
      happenings,
      unasked,
      troubles: this.disk.troubles,
      isDatedLater: this.relay.isDatedLater,
      startOf: (run: string) => this.#workers.get(run)?.startedAt ?? 0,
    }
    if (this.#open().length === 0) this.#group.close()
    if (excessive > 0) this.#fault('asked for too much', -1)
    return [
      ...this.#faults,
      ...this.#tabs.flatMap((tab, number) => judge(tab, number, context)),
      ...judge(this.#group, 'group', context),
    ]
  }

  #fault(kind: Fault['kind'], index: number): void {
    this.#faults.push({ kind, tab: -1, index })
  }

  /** All faults end, and everything has the time to arrive. The last events show what lies before them. */
  async #calmDown(): Promise<void> {
    this.#trace('--- calm')
    this.relay.calm()
    this.disk.fault = 'none'
    this.resumeWorkers()
    this.eachTab((tab) => tab.calm())
    await this.#timeline.advance(120_000)
    for (let round = 0; round < 3; round++) {
      this.relay.emit()
      await this.#timeline.advance(60_000)
    }
    this.#checkChannels()
  }

  /** The relay has been asked for what any tab wants, and no more. */
  #checkChannels(): void {
    const wanted = new Set<string>()
    this.eachTab((tab) => tab.channels.forEach((channel) => wanted.add(channel)))
    const [socket] = this.relay.sockets
    const asked = socket?.channels ?? new Set()
    if (!socket && this.#open().length === 0) return
    if (wanted.size !== asked.size || [...wanted].some((channel) => !asked.has(channel)))
      this.#fault('other channels', -1)
  }

  // ── workers ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Starts a worker beside those that are there, and it serves the tabs from now on. */
  #startWorker(): Worker {
    const process = new Process(this.#timeline)
    const token = `run-${this.#workers.size + 1}`
    const hub = new Hub({
      baseUrl,
      options: connection,
      storage: storageDefaults,
      instance: token,
      store: this.disk.connect(process),
      clock: process,
      random: this.#random.next,
      commitPauseMs: COMMIT_PAUSE_MS,
      superseded: () => hub.moveTo({ bridge: 1, url: '', name: '' }),
      stopping: () => undefined,
      stopped: () => undefined,
    })
    const worker = { hub, process, token, startedAt: this.#timeline.now(), isReady: false }
    this.#workers.set(token, worker)
    this.#worker = worker
    this.#witness.workerGone()
    this.#witness.opened()
    void hub.start().then(
      () => this.#ready(worker),
      (error: unknown) => {
        this.#trace(`! ${error instanceof Error ? error.stack : error}`)
        this.#fault('the hub fails', -1)
      },
    )
    return worker
  }

  #ready(worker: Worker): void {
    worker.isReady = true
    if (this.#worker === worker) this.eachTab((tab) => tab.attach(worker))
  }

  /** Once the tabs have noticed that their worker has gone. */
  #restart(gone: Worker): void {
    // One that hung may end after others have taken its place.
    if (this.#worker !== gone) return
    this.#worker = null
    this.#timeline.after(RESTART_MS, () => this.#worker ?? this.#startWorker())
  }

  killWorker(reachesDisk: boolean): void {
    const worker = this.#worker
    if (!worker) return
    const { process } = worker
    process.end()
    this.disk.abandon(process, reachesDisk)
    this.relay.clientDied()
    for (const socket of this.relay.sockets) socket.close()
    this.#restart(worker)
  }

  stopWorker(): void {
    const worker = this.#worker
    if (!worker?.isReady) return
    worker.process.run(() => {
      if (worker.hub.isStopped) return
      worker.hub.stop()
      this.relay.clientDied()
      this.#restart(worker)
    })
  }

  moveWorker(): void {
    const worker = this.#worker
    if (!worker?.isReady) return
    worker.process.run(() => {
      if (worker.hub.isStopped) return
      worker.hub.moveTo({ bridge: 1, url: '', name: '' })
      this.relay.clientDied()
      // Its tabs come by themselves, when they are told.
      if (this.#worker !== worker) return
      this.#worker = null
      this.#startWorker()
    })
  }

  stallWorker(): void {
    if (!this.#worker) return
    this.#worker.process.stall()
    this.disk.stalled(this.#worker.process)
    this.#witness.workerStalls()
  }

  resumeWorkers(): void {
    for (const { process } of this.#workers.values()) process.resume()
    this.#witness.workerGoesOn()
  }

  replaceWorker(ms: number): void {
    const worker = this.#worker
    if (!worker) return
    this.stallWorker()
    const { hub, process } = worker
    this.relay.clientDied()
    this.#worker = null
    this.#startWorker()
    // Its lock is taken; it is told among all else that waits for it.
    process.run(() => process.after(ms, () => hub.moveTo({ bridge: 1, url: '', name: '' })))
  }

  // ── tabs ─────────────────────────────────────────────────────────────────────────────────────────────────

  readonly tab = (which: number): SimulatedTab | undefined => {
    const open = this.#open()
    return open[which % open.length]
  }

  readonly eachTab = (act: (tab: SimulatedTab) => void): void => this.#open().forEach(act)

  openTab(): void {
    if (this.#open().length >= MAX_TABS) return
    const tab = new SimulatedTab({
      timeline: this.#timeline,
      baseUrl,
      connection,
      numbered: () => this.relay.all.length,
      group: this.#group,
      hostless: (each) => this.#host(each),
    })
    this.#tabs.push(tab)
    this.#host(tab)
  }

  reload(tab: SimulatedTab | undefined): void {
    if (!tab) return
    tab.leave()
    this.#host(tab)
  }

  /** Whoever comes while there is no hub gets the next one as soon as it is ready. */
  #host(tab: SimulatedTab): void {
    if (this.#worker?.hub.isStopped) this.#worker = null
    const worker = this.#worker ?? this.#startWorker()
    if (worker.isReady) tab.attach(worker)
  }

  #open(): SimulatedTab[] {
    return this.#tabs.filter(({ isClosed }) => !isClosed)
  }

  // ── sockets ──────────────────────────────────────────────────────────────────────────────────────────────

  #socketClass(): typeof WebSocket {
    const network = {
      timeline: this.#timeline,
      relay: this.relay,
      witness: this.#witness,
      latency: () => 1 + this.#random.below(30),
      trace: this.#trace,
      serves: (owner: Process) => this.#worker?.process === owner,
    }
    const workers = this.#workers
    // Of a WebSocket, the connection uses what SimulatedSocket has.
    return function Socket(url: string) {
      const worker = workers.get(new URL(url).searchParams.get('token') ?? '')
      if (!worker) throw new Error(`expected the token of a run, got ${url}`)
      return new SimulatedSocket(network, worker.process)
    } as unknown as typeof WebSocket
  }
}
