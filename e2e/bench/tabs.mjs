/** Tabs of one contestant in a browser context of their own, with an agent of their own. */
import { makePages } from './pages.mjs'

/** @typedef {import('./pages.mjs').Page} Page */
/** @typedef {import('./pages.mjs').Pages} Pages */
/** @typedef {{ readonly at: number, readonly latencies: readonly number[], readonly outOfOrder: number }} Received */
/**
 * What all measures are given.
 * @typedef {object} Bench
 * @property {import('playwright').Browser} browser
 * @property {import('./relay-process.mjs').Relay} relay
 * @property {import('./site.mjs').Site} site
 * @property {import('./results.mjs').Results} results
 * @property {import('./options.mjs').Options} options
 */

/** A contestant that has not got everything by then has lost some of it. In milliseconds. */
const DEADLINE_MS = 180_000
/** The same for the few events of a smoke run. */
const SMOKE_DEADLINE_MS = 30_000

let agents = 0

/** Open tabs. */
export class Tabs {
  /** @type {Page[]} */
  all = []
  #context

  /** @param {Bench} bench @param {string} contestant @param {string} agent @param {Pages} context */
  constructor(bench, contestant, agent, context) {
    this.bench = bench
    this.contestant = contestant
    this.agent = agent
    this.#context = context
  }

  get count() {
    return this.all.length
  }

  /** The first one. */
  get first() {
    const [first] = this.all
    if (!first) throw new Error('expected open tabs, got none')
    return first
  }

  /** The tabs as Chromium's DevTools see them; none in other browsers. */
  get devtools() {
    return this.all.flatMap(({ devtools }) => devtools ?? [])
  }

  get withWorker() {
    return this.#context.withWorker
  }

  /** Each tab is to count to so many from now on. @param {number} events */
  async expect(events) {
    await Promise.all(
      this.all.map((page) => page.evaluate((count) => globalThis.bench.expect(count), events)),
    )
  }

  /** Waits until each tab has got what it was to expect. @returns {Promise<readonly Received[]>} */
  async received() {
    /** @type {NodeJS.Timeout | undefined} */
    let timer
    const ms = this.bench.options.smoke ? SMOKE_DEADLINE_MS : DEADLINE_MS
    /** @type {Promise<null>} */
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, ms, null)
    })
    const all = Promise.all(this.all.map((page) => page.evaluate(() => globalThis.bench.received())))
    const received = await Promise.race([all, late])
    clearTimeout(timer)
    if (received) return received.flatMap((each) => each ?? [])
    const counts = await Promise.all(this.all.map((page) => page.evaluate(() => globalThis.bench.count())))
    throw new Error(`${this.contestant}: after ${ms} ms the tabs have ${counts.join(', ')} events`)
  }

  /**
   * Sends a burst to all tabs, and gives how long it took to the last handler of the last tab, in milliseconds.
   * @param {number} events
   */
  async burst(events) {
    const { relay } = this.bench
    await this.expect(events)
    const startedAt =
      this.contestant === 'limit'
        ? await this.first.evaluate((count) => globalThis.bench.burst(count), events)
        : await relay.burst(this.agent, events)
    const received = await this.received()
    const wrong = received.reduce((sum, { outOfOrder }) => sum + outOfOrder, 0)
    // Others may do so: they do not promise otherwise.
    if (wrong > 0 && this.contestant.startsWith('tabmux'))
      throw new Error(`tabmux: ${wrong} events out of order`)
    return Math.max(...received.map(({ at }) => at)) - (startedAt ?? Number.NaN)
  }

  async close() {
    await this.#context.close()
  }
}

/** Opens tabs, one after the other. @param {Bench} bench @param {string} contestant @param {number} count */
export const openTabs = async (bench, contestant, count) => {
  const { browser, relay, site, options } = bench
  const agent = `agent-${++agents}`
  await relay.addAgent(agent)
  const query = new URLSearchParams({ contestant, relay: await relay.url(), token: agent })
  const context = await makePages(browser, options)
  const tabs = new Tabs(bench, contestant, agent, context)
  for (let index = 0; index < count; index++) {
    const page = await context.open(`${site.url}/?${query}`)
    await page.evaluate(() => globalThis.bench.ready())
    tabs.all.push(page)
  }
  return tabs
}
