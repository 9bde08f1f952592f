/**
 * What can happen in a run: one line a step. A step is a name and a whole number, which says how much, how long, or
 * which of several. What it does to the world must not depend on anything else but the world.
 */
import type { Disk } from './disk.js'
import type { SimulatedRelay } from './relay.js'
import type { SimulatedTab } from './tab.js'

/** What steps act on. */
export interface Stage {
  readonly relay: SimulatedRelay
  readonly disk: Disk
  /** One of the tabs that are open, by any number. */
  tab(which: number): SimulatedTab | undefined
  eachTab(act: (tab: SimulatedTab) => void): void
  openTab(): void
  reload(tab: SimulatedTab | undefined): void
  /** The worker dies; its transaction on the disk is cut, or has got past that point. */
  killWorker(reachesDisk: boolean): void
  /** The hub stops in an orderly way, and another worker's begins. */
  stopWorker(): void
  /** A newer build asks for the agent, and the hub gives way. */
  moveWorker(): void
  /** Nothing runs in the worker that serves the tabs, and what comes waits. */
  stallWorker(): void
  /** The worker hangs, and the tabs go to a successor. It hears of that so long after it goes on, in milliseconds. */
  replaceWorker(ms: number): void
  /** Workers that stall go on. */
  resumeWorkers(): void
}

interface Kind {
  /** How often, against the others. */
  readonly weight: number
  /** The number is from 0 to this. */
  readonly most: number
  readonly perform: (stage: Stage, number: number) => unknown
}

const step = (weight: number, most: number, perform: Kind['perform']): Kind => ({ weight, most, perform })

const cutAll = ({ sockets }: SimulatedRelay): void => sockets.forEach((socket) => socket.cut())

const emit = (relay: SimulatedRelay, count: number): void => {
  for (let sent = 0; sent < count; sent++) relay.emit()
}

const MINUTE = 60_000

/** See the head of this file. */
export const steps = {
  emit: step(30, 12, ({ relay }, number) => emit(relay, 1 + number)),
  'emit many': step(4, 90, ({ relay }, number) => emit(relay, 30 + number)),
  'emit more than is kept': step(0.1, 400, ({ relay }, number) => relay.flood(2_300 + number)),
  'lose one': step(4, 0, ({ relay }) => relay.emit('lost')),
  'send one late': step(4, 500, ({ relay }, ms) => relay.emit('late', ms)),
  'number one and send it late': step(4, 500, ({ relay }, ms) => relay.emit('numbered', ms)),
  'one is gone': step(1, 0, ({ relay }) => relay.emit('gone')),
  'one is malformed': step(2, 0, ({ relay }) => relay.emit('malformed')),
  cut: step(8, 0, ({ relay }) => cutAll(relay)),
  refuse: step(3, 0, ({ relay }) => (relay.refusing = true)),
  accept: step(6, 0, ({ relay }) => (relay.refusing = false)),
  'die between replays': step(3, 0, ({ relay }) => (relay.dieBetweenReplays = true)),
  'forget an ack': step(2, 0, ({ relay }) => (relay.forgetsAck = true)),
  'go deaf': step(2, 0, ({ relay }) => relay.sockets.forEach((socket) => (socket.isDeaf = true))),
  'reset the counter': step(2, 0, ({ relay }) => relay.reset()),
  'restart the relay': step(3, 0, ({ relay }) => (relay.reset(), cutAll(relay))),
  "set the relay's clock": step(2, 120, ({ relay }, minutes) => relay.jump((minutes - 60) * MINUTE)),
  'open a tab': step(3, 0, (stage) => stage.openTab()),
  'close a tab': step(1, 9, ({ tab }, which) => tab(which)?.close()),
  'reload a tab': step(6, 9, (stage, which) => stage.reload(stage.tab(which))),
  'freeze a tab': step(3, 9, ({ tab }, which) => tab(which)?.freeze()),
  'thaw the tabs': step(4, 0, ({ eachTab }) => eachTab((tab) => tab.thaw())),
  'crash a tab halfway': step(3, 99, ({ tab }, number) => tab(number % 10)?.failAfter(number, 'crash')),
  'throw in a tab': step(2, 99, ({ tab }, number) => tab(number % 10)?.failAfter(number, 'throw')),
  'show a tab, or hide it': step(3, 9, ({ tab }, which) => tab(which)?.turn()),
  'crash a tab that acts': step(2, 9, ({ tab }, which) => tab(which)?.failActing('crash')),
  'hang a tab that acts': step(1, 9, ({ tab }, which) => tab(which)?.failActing('hang')),
  'toggle a channel': step(2, 29, ({ tab }, number) => tab(number % 10)?.toggle(`channel ${number % 3}`)),
  'kill the worker': step(4, 1, (stage, reachesDisk) => stage.killWorker(reachesDisk === 1)),
  'stop the worker': step(2, 0, (stage) => stage.stopWorker()),
  'move to another worker': step(2, 0, (stage) => stage.moveWorker()),
  'stall the worker': step(2, 0, (stage) => stage.stallWorker()),
  'replace a worker that hangs': step(2, 3, (stage, number) => stage.replaceWorker(number * 300)),
  'let the workers go on': step(3, 0, (stage) => stage.resumeWorkers()),
  'disk works': step(4, 0, ({ disk }) => (disk.fault = 'none')),
  'disk is slow': step(2, 0, ({ disk }) => (disk.fault = 'slow')),
  'disk fails': step(1, 0, ({ disk }) => (disk.fault = 'fail')),
  'disk hangs': step(1, 0, ({ disk }) => (disk.fault = 'hang')),
  'clear the disk': step(0.5, 0, ({ disk }) => disk.clear()),
  'garble the head': step(0.3, 99, ({ disk }, pick) => disk.garble('head', pick)),
  'garble a group': step(0.3, 99, ({ disk }, pick) => disk.garble('group', pick)),
} satisfies Record<string, Kind>

/** The name of a step. */
export type StepName = keyof typeof steps
