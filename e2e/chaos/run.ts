/** One run: a relay, a browser, its tabs, and the plan that goes on until the time is up. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRelay } from 'tabmux/testing'
import { within, type Browser } from './browser.js'
import { launchChromium } from './chromium.js'
import { launchFirefox } from './firefox.js'
import { around, type Doubt, type TabHistory, type Verdict } from './judge.js'
import { summarise, type Outcome } from './outcome.js'
import { Plan, type Step } from './plan.js'
import { Random } from './random.js'
import { Recorder } from './recorder.js'
import { relayFaults } from './relay-faults.js'
import { storageFaults } from './storage-faults.js'
import { Stream } from './stream.js'
import { tabFaults } from './tab-faults.js'
import { Timeline } from './timeline.js'
import type { OpenTab, World } from './world.js'

/** What a run is given. */
export interface RunOptions {
  readonly browser: Browser['name']
  readonly seed: number
  readonly minutes: number
  readonly maxTabs: number
  /** The built app, by path. */
  readonly files: ReadonlyMap<string, string>
  /** Is told what happens, line by line. */
  readonly trace: (line: string) => void
}

/** Small, so that it is often too small. */
const RING_SIZE = 60
const EVERY_MS = 25
const FIRST_TABS = 3
/** A fault that has not been done by then is left to itself. */
const ACT_MS = 30_000
/** How long tabs may take to get to the end once all faults are over. */
const END_MS = 120_000

const faults = [...relayFaults, ...tabFaults, ...storageFaults]

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs one. Rejects only if the run itself could not be made. */
export const run = async (options: RunOptions): Promise<Outcome> => {
  const profile = await mkdtemp(join(tmpdir(), 'tabmux-chaos-'))
  const agents = { alice: 'at_live_alice', bob: 'at_live_bob' }
  const relay = await startRelay({ agents, ringSize: RING_SIZE })
  const timeline = new Timeline(options.trace)
  const random = new Random(options.seed + 1)
  const stream = new Stream(relay, random, RING_SIZE, (text) => timeline.log(text))
  const recorder = new Recorder(options.files, () => stream.total)
  try {
    const site = await recorder.start()
    return await new Run({ ...options, profile, timeline, relay, stream, recorder, site }).run()
  } finally {
    stream.stop()
    await recorder.stop()
    await relay.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

type Parts = RunOptions &
  Pick<World, 'relay' | 'stream' | 'recorder' | 'site'> & {
    readonly profile: string
    readonly timeline: Timeline
  }

/** What is known of a tab besides what it was told. */
interface Known extends Pick<TabHistory, 'opened' | 'fromNow' | 'journalHad'> {
  readonly crashed: Set<string>
}

class Run implements World {
  readonly relay
  readonly stream
  readonly recorder
  readonly site
  readonly maxTabs
  browser!: Browser // set by `#launch`, before anything uses it
  tabs: OpenTab[] = []
  readonly #options: Parts
  readonly #known = new Map<string, Known>()
  readonly #doubts: Doubt[] = []
  readonly #pending = new Set<{ readonly timer: NodeJS.Timeout; readonly act: () => Promise<unknown> }>()
  readonly #done: string[] = []
  readonly #skipped: string[] = []

  constructor(parts: Parts) {
    this.#options = parts
    const { relay, stream, recorder, site, maxTabs } = parts
    this.relay = relay
    this.stream = stream
    this.recorder = recorder
    this.site = site
    this.maxTabs = maxTabs
  }

  async run(): Promise<Outcome> {
    const { seed, minutes } = this.#options
    const plan = new Plan(seed, faults)
    await this.#launch()
    try {
      for (let opened = 0; opened < Math.min(FIRST_TABS, this.maxTabs); opened++)
        await this.#open({ from: 'now' })
      this.stream.start(EVERY_MS)
      await this.#until(({ name }) => this.#isOwed(name))
      const end = performance.now() + minutes * 60_000
      while (performance.now() < end) await this.#step(plan.next())
      const stuck = await this.#calmDown()
      return this.#outcome(stuck)
    } finally {
      await within(ACT_MS, this.browser.close())
    }
  }

  async #step(step: Step): Promise<void> {
    await pause(step.pauseMs)
    const fault = faults.find(({ name }) => name === step.fault)
    if (!fault) throw new Error(`expected a fault, got ${step.fault}`)
    this.#log(fault.name)
    let outcome: unknown
    const inTime = await within(
      ACT_MS,
      Promise.resolve(fault.act(this, step)).then((result) => (outcome = result)),
    )
    if (!inTime) this.#log(`${fault.name}: not done within ${ACT_MS} ms, or failed`)
    if (outcome === 'skipped') this.#skipped.push(fault.name)
    else if (outcome !== 'idle') this.#done.push(fault.name)
  }

  // ── what faults use ──────────────────────────────────────────────────────────────────────────────────────

  readonly tabFor = ({ tab }: Step): OpenTab | undefined => {
    // Before its first page has loaded, a tab has nothing to reload or to go back to.
    const here = this.tabs.filter(({ name, state }) => state === 'here' && this.recorder.of(name).length > 0)
    return here[Math.floor(tab * here.length)]
  }

  readonly later = (ms: number, act: () => unknown): void => {
    const entry = {
      timer: setTimeout(() => void entry.act(), ms),
      act: async () => {
        this.#pending.delete(entry)
        await within(ACT_MS, Promise.resolve(act()))
      },
    }
    this.#pending.add(entry)
  }

  readonly doubt = (ms: number): void => {
    this.#doubts.push({ from: performance.now(), until: performance.now() + ms })
  }

  openTab({ amount }: Step): Promise<void> {
    return this.#open({ from: amount < 0.5 ? 'now' : amount < 0.85 ? { last: 100 } : 'journal' })
  }

  async closeTab(tab: OpenTab): Promise<void> {
    this.tabs = this.tabs.filter((other) => other !== tab)
    await tab.driver.close()
  }

  async killBrowser(tabs: number): Promise<void> {
    await this.#endPending()
    this.tabs = []
    await this.browser.kill()
    await this.#launch()
    await this.#open({ from: 'journal' })
    for (let more = 1; more < Math.min(tabs, this.maxTabs); more++) await this.#open({ from: 'now' })
  }

  // ── tabs ─────────────────────────────────────────────────────────────────────────────────────────────────

  async #launch(): Promise<void> {
    const { browser, profile } = this.#options
    this.browser = await (browser === 'chromium' ? launchChromium : launchFirefox)(profile)
  }

  async #open({ from }: { readonly from: 'now' | 'journal' | { readonly last: number } }): Promise<void> {
    const name = `t${this.#known.size + 1}`
    const { highest } = this.recorder
    const isSure = from === 'journal' && highest >= 0 && !this.#isInDoubt()
    const crashed = new Set<string>()
    this.#known.set(name, {
      opened: this.stream.total,
      fromNow: from === 'now',
      journalHad: isSure ? highest : null,
      crashed,
    })
    this.#log(`${name} opens from ${JSON.stringify(from)}`)
    const address = `${this.site}/?${new URLSearchParams({ tab: name, relay: this.relay.url, from: JSON.stringify(from) })}`
    const driver = await this.browser.open(address, () => {
      const page = this.recorder.of(name).at(-1)?.page
      if (page !== undefined) crashed.add(page)
      this.#log(`${name} has crashed`)
      tab.state = 'crashed'
      this.later(400, async () => {
        await (page === undefined ? driver.leave(address) : driver.reload(false))
        if (tab.state === 'crashed') tab.state = 'here'
      })
    })
    const tab: OpenTab = { name, driver, state: 'here' }
    this.tabs.push(tab)
  }

  /** Something may have kept the newest entries from the disk. */
  #isInDoubt(): boolean {
    const now = performance.now()
    return this.#allDoubts().some(({ until }) => until + 30_000 > now)
  }

  /** Also where no fault was meant to be: the machine may be slow. */
  #allDoubts(): Doubt[] {
    const inMemory = [...this.recorder.tabs.values()]
      .flat()
      .flatMap((told) => (told.kind === 'hub' && told.mode === 'memory' ? [told.at] : []))
    return [...this.#doubts, ...inMemory.map((at) => ({ from: at - 2_000, until: at }))]
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────────────

  async #endPending(): Promise<void> {
    const pending = [...this.#pending]
    for (const { timer } of pending) clearTimeout(timer)
    await Promise.all(pending.map(({ act }) => act()))
  }

  /** All faults end, a last few events come, and every open tab has to get to the end. Gives those that do not. */
  async #calmDown(): Promise<Verdict[]> {
    this.#log('all faults end')
    this.relay.refuse(false)
    this.relay.dieBetweenReplays(false)
    while (this.#pending.size > 0) await this.#endPending()
    // Where the machine was slow, a page may have been left after it was to come back.
    for (const { driver } of this.tabs) await driver.comeBack()
    // A tab that starts with what comes is owed nothing before that. Slowly now, so that all can catch up.
    this.stream.stop()
    this.stream.start(10 * EVERY_MS)
    await this.#until(({ name }) => this.#isOwed(name))
    this.stream.stop()
    for (let more = 0; more < 3; more++) {
      await pause(300)
      this.stream.publish()
    }
    this.#log('the last event')
    const last = this.stream.total - 1
    const missing = await this.#until(({ name }) =>
      this.recorder.of(name).some((told) => told.kind === 'event' && told.index === last),
    )
    this.#log('every open tab has got to the end, or the time is up')
    // Whatever comes after the last event (a gap, an event twice) has the time to come.
    await pause(1_000)
    return missing.map(({ name, state }) => {
      const told = this.recorder.of(name)
      const about = `the last event has not come within ${END_MS} ms; the tab is ${state}`
      const at = told.at(-1)?.at ?? 0
      return { kind: 'stuck', tab: name, index: last, about, at, around: around(told, told.length) }
    })
  }

  #isOwed(tab: string): boolean {
    return this.recorder.of(tab).some(({ kind }) => kind === 'owed')
  }

  /** Waits until all open tabs are so, but not for ever; gives those that are not. */
  async #until(isSo: (tab: OpenTab) => boolean): Promise<OpenTab[]> {
    const deadline = performance.now() + END_MS
    while (performance.now() < deadline && !this.tabs.every(isSo)) await pause(50)
    return this.tabs.filter((tab) => !isSo(tab))
  }

  #outcome(stuck: readonly Verdict[]): Outcome {
    const { seed, timeline } = this.#options
    const { total, origins, gone, causes } = this.stream
    const open = new Set(this.tabs.map(({ name }) => name))
    const isStuck = new Set(stuck.map(({ tab }) => tab))
    return summarise({
      browser: this.browser,
      seed,
      timeline,
      done: this.#done,
      skipped: this.#skipped,
      stuck,
      facts: { total, origins, gone, causes, doubts: this.#allDoubts(), began: timeline.began },
      histories: [...this.#known].map(([name, known]) => {
        const isOpen = open.has(name) && !isStuck.has(name)
        return { name, ...known, told: this.recorder.of(name), isOpen }
      }),
    })
  }

  #log(text: string): void {
    this.#options.timeline.log(`${text} (${this.stream.total} events)`)
  }
}
