/** What the faults of a run act on. */
import type { ReferenceRelay } from 'tabmux/testing'
import type { Browser, BrowserTab } from './browser.js'
import type { Step } from './plan.js'
import type { Recorder } from './recorder.js'
import type { Stream } from './stream.js'

/** A tab that is open in the browser. */
export interface OpenTab {
  readonly name: string
  readonly driver: BrowserTab
  /** What it does now. One thing at a time: a frozen tab is not reloaded. */
  state: 'here' | 'frozen' | 'away' | 'crashed'
}

/** See the head of this file. */
export interface World {
  readonly relay: ReferenceRelay
  readonly stream: Stream
  readonly recorder: Recorder
  readonly browser: Browser
  /** The address of the pages. */
  readonly site: string
  /** The tabs that are open. */
  readonly tabs: readonly OpenTab[]
  readonly maxTabs: number
  /** One of the tabs that do nothing special now. */
  tabFor(step: Step): OpenTab | undefined
  openTab(step: Step): Promise<void>
  closeTab(tab: OpenTab): Promise<void>
  /** Kills the browser and starts it again, with this many tabs. */
  killBrowser(tabs: number): Promise<void>
  /** Does something after a while, or when the run comes to its end. */
  later(ms: number, act: () => unknown): void
  /** The disk is not to be trusted for so long. */
  doubt(ms: number): void
}

/** What can go wrong. */
export interface ChaosFault {
  readonly name: string
  /** How often it comes in a round of the plan. */
  readonly weight: number
  /** Does it. `skipped` if the browser has no way to, `idle` if there is nothing now that it could happen to. */
  readonly act: (world: World, step: Step) => unknown
}
