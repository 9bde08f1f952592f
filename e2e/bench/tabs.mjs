/** Tabs of one contestant in a browser context of their own, with an agent of their own. */

/** @typedef {import('playwright').Page} Page */
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

let agents = 0

/** Open tabs. */
export class Tabs {
  /** @param {Bench} bench @param {string} contestant @param {string} agent @param {Page[]} pages */
  constructor(bench, contestant, agent, pages) {
    this.bench = bench
    this.contestant = contestant
    this.agent = agent
    this.pages = pages
  }

  get count() {
    return this.pages.length
  }

  /** Each tab is to count to so many from now on. @param {number} events */
  async expect(events) {
    await Promise.all(
      this.pages.map((page) => page.evaluate((count) => globalThis.bench.expect(count), events)),
    )
  }

  /** Waits until each tab has got what it was to expect. @returns {Promise<Received[]>} */
  async received() {
    /** @type {NodeJS.Timeout | undefined} */
    let timer
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('late')), DEADLINE_MS)
    })
    const all = Promise.all(this.pages.map((page) => page.evaluate(() => globalThis.bench.received())))
    try {
      // The race is lost by `late` only, which throws.
      const received = /** @type {Received[]} */ (await Promise.race([all, late]))
      return received
    } catch (error) {
      const counts = await Promise.all(
        this.pages.map((page) => page.evaluate(() => globalThis.bench.count())),
      )
      throw new Error(
        `${this.contestant}: after ${DEADLINE_MS} ms the tabs have ${counts.join(', ')} events`,
        { cause: error },
      )
    } finally {
      clearTimeout(timer)
    }
  }

  /** Sends a burst to all tabs, and gives how long it took to the last handler of the last tab, in milliseconds. @param {number} events */
  async burst(events) {
    const { relay } = this.bench
    await this.expect(events)
    const startedAt =
      this.contestant === 'limit'
        ? await this.pages[0]?.evaluate((count) => globalThis.bench.burst(count), events)
        : await relay.burst(this.agent, events)
    const received = await this.received()
    const wrong = received.reduce((sum, { outOfOrder }) => sum + outOfOrder, 0)
    if (wrong > 0) console.warn(`${this.contestant}: ${wrong} events out of order`)
    return Math.max(...received.map(({ at }) => at)) - (startedAt ?? Number.NaN)
  }

  /** @param {Page} page */
  devtools(page) {
    return page.context().newCDPSession(page)
  }

  async close() {
    await this.pages[0]?.context().close()
  }
}

/** Opens tabs, one after the other. @param {Bench} bench @param {string} contestant @param {number} count */
export const openTabs = async (bench, contestant, count) => {
  const { browser, relay, site } = bench
  const agent = `agent-${++agents}`
  await relay.addAgent(agent)
  const context = await browser.newContext()
  const query = new URLSearchParams({ contestant, relay: await relay.url(), token: agent })
  /** @type {Page[]} */
  const pages = []
  for (let index = 0; index < count; index++) {
    const page = await context.newPage()
    page.on('pageerror', (error) => console.error(`${contestant}: ${error}`))
    await page.goto(`${site.url}/?${query}`)
    await page.evaluate(() => globalThis.bench.ready())
    pages.push(page)
  }
  return new Tabs(bench, contestant, agent, pages)
}
