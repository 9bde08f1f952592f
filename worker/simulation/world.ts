/**
 * One run: the real hub with its connection, session, journal and consumers, on simulated time, network, relay, disk
 * and tabs. Everything that happens follows from the seed.
 */
import type { ConnectionOptions } from '../../src/bridge.js'
import { storageDefaults } from '../fakes/journal.js'
import { Hub } from '../hub.js'
import { Disk, type DiskFault } from './disk.js'
import { judge, type Fault } from './judge.js'
import { Random } from './random.js'
import { SimulatedRelay } from './relay.js'
import { SimulatedSocket } from './socket.js'
import { SimulatedTab } from './tab.js'
import { Timeline } from './timeline.js'

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

/** What came of a run. */
export interface Outcome {
  readonly faults: readonly Fault[]
  readonly events: number
  readonly deliveries: number
}

/** How a run may be told otherwise. */
export interface RunOptions {
  /** How many things happen before all faults end. @default 60 */
  readonly steps?: number
  /** Is told what happens, line by line. */
  readonly trace?: (line: string) => void
}

/** Runs a world from one seed. The same seed gives the same run. */
export const simulate = (seed: number, options: RunOptions = {}): Promise<Outcome> =>
  new World(seed, options).run()

class World {
  readonly #random: Random
  readonly #timeline = new Timeline()
  readonly #relay: SimulatedRelay
  readonly #disk = new Disk()
  readonly #tabs: SimulatedTab[] = []
  readonly #length: number
  readonly #trace: (line: string) => void
  #hub: Hub | null = null
  #endHub: () => void = () => undefined
  #runs = 0

  constructor(seed: number, { steps = 60, trace = () => undefined }: RunOptions) {
    this.#length = steps
    this.#trace = trace
    this.#random = new Random(seed)
    const random = this.#random
    const optionalFields = random.chance(0.5)
    this.#relay = new SimulatedRelay(this.#timeline, this.#random, {
      ringSize: 5 + random.below(40),
      replayLimit: 200,
      optionalFields,
      // Without its time, a relay's clock may be behind by less than the margin.
      skew: optionalFields ? random.below(7_200_000) - 3_600_000 : random.below(80_000) - 40_000,
    })
  }

  async run(): Promise<Outcome> {
    // The connection makes its sockets by the global name; one world runs at a time.
    const { WebSocket: own } = globalThis
    const network = {
      timeline: this.#timeline,
      relay: this.#relay,
      latency: () => 1 + this.#random.below(30),
      trace: this.#trace,
    }
    // Of a WebSocket, the connection uses what SimulatedSocket has.
    globalThis.WebSocket = function Socket() {
      return new SimulatedSocket(network)
    } as unknown as typeof WebSocket
    try {
      await this.#startHub()
      this.#openTab()
      for (let step = 0; step < this.#length; step++) await this.#step()
      await this.#calmDown()
    } finally {
      globalThis.WebSocket = own
      this.#endHub()
    }
    const owed = this.#relay.wasOvertaken ? [] : this.#tabs
    const faults = owed.flatMap((tab, index) =>
      judge(tab, index, this.#relay.all.length, this.#disk.hasFailed),
    )
    const deliveries = this.#tabs.reduce((sum, { told }) => sum + told.length, 0)
    return { faults, events: this.#relay.all.length, deliveries }
  }

  async #step(): Promise<void> {
    const tab = this.#random.pick(this.#tabs)
    const actions: readonly [weight: number, name: string, act: () => unknown][] = [
      [30, 'emit', () => this.#emit(1 + this.#random.below(12))],
      [4, 'emit many', () => this.#emit(60)],
      [4, 'lose one', () => this.#relay.emit('lost')],
      [4, 'late one', () => this.#relay.emit('late')],
      [1, 'one is gone', () => this.#relay.emit('gone')],
      [8, 'cut', () => this.#cut()],
      [3, 'refuse', () => (this.#relay.refusing = true)],
      [6, 'accept', () => (this.#relay.refusing = false)],
      [3, 'die between replays', () => (this.#relay.dieBetweenReplays = true)],
      [2, 'deaf', () => this.#relay.sockets.forEach((socket) => (socket.isDeaf = true))],
      [2, 'reset', () => this.#relay.reset()],
      [3, 'restart relay', () => (this.#relay.reset(), this.#cut())],
      [3, 'open tab', () => this.#tabs.length < 4 && this.#openTab()],
      [6, 'reload tab', () => tab && this.#reload(tab)],
      [3, 'freeze tab', () => tab?.freeze()],
      [4, 'thaw tabs', () => this.#tabs.forEach((each) => each.thaw())],
      [4, 'kill worker', () => this.#killWorker()],
      [2, 'stop worker', () => this.#restartHub()],
      [
        4,
        'disk',
        () =>
          (this.#disk.fault =
            this.#random.pick<DiskFault>(['none', 'none', 'slow', 'fail', 'hang']) ?? 'none'),
      ],
    ]
    let left = this.#random.below(actions.reduce((sum, [weight]) => sum + weight, 0))
    const chosen = actions.find(([weight]) => (left -= weight) < 0)
    if (!chosen) throw new Error('expected the weights to add up')
    const [, name, act] = chosen
    this.#trace(`--- ${name}`)
    await act()
    await this.#timeline.advance(this.#random.pick([0, 1, 5, 20, 100, 400, 1_500, 8_000]) ?? 0)
  }

  /** All faults end, and everything has the time to arrive. The last events show what lies before them. */
  async #calmDown(): Promise<void> {
    this.#relay.refusing = false
    this.#relay.dieBetweenReplays = false
    this.#disk.fault = 'none'
    for (const tab of this.#tabs) tab.thaw()
    await this.#timeline.advance(120_000)
    for (let round = 0; round < 3; round++) {
      this.#relay.emit()
      await this.#timeline.advance(60_000)
    }
  }

  async #startHub(): Promise<void> {
    const { clock, end } = this.#timeline.owned()
    this.#endHub = end
    const hub = new Hub({
      baseUrl,
      options: connection,
      storage: storageDefaults,
      instance: `run ${++this.#runs}`,
      store: this.#disk.connect(clock),
      clock,
      random: this.#random.next,
      superseded: () => undefined,
      stopping: () => undefined,
      stopped: () => undefined,
    })
    this.#hub = hub
    const started = hub.start()
    await this.#timeline.advance(6_000)
    await started
    for (const tab of this.#tabs) tab.attach(hub, { baseUrl, connection, storage: storageDefaults })
  }

  /** The worker's process is gone: its timers, its socket, its memory. */
  async #killWorker(): Promise<void> {
    this.#endHub()
    this.#relay.clientDied()
    for (const socket of this.#relay.sockets) socket.close()
    this.#hub = null
    for (const tab of this.#tabs) tab.leave()
    await this.#startHub()
  }

  async #restartHub(): Promise<void> {
    this.#hub?.stop()
    await this.#killWorker()
  }

  #openTab(): void {
    const tab = new SimulatedTab(this.#relay.all.length)
    this.#tabs.push(tab)
    if (this.#hub) tab.attach(this.#hub, { baseUrl, connection, storage: storageDefaults })
  }

  #reload(tab: SimulatedTab): void {
    tab.leave()
    if (this.#hub) tab.attach(this.#hub, { baseUrl, connection, storage: storageDefaults })
  }

  #emit(count: number): void {
    for (let sent = 0; sent < count; sent++) this.#relay.emit()
  }

  #cut(): void {
    for (const socket of this.#relay.sockets) socket.cut()
  }
}
