/** The demo as it is deployed, with its network in a test's hands, and tabs of it. */
import { fileURLToPath } from 'node:url'
import { test as base, type BrowserContext, type Page } from '@playwright/test'
import { start } from '../../demo/server.mjs'
import { expect } from '../fixtures.js'

/** The versions that `build.mjs` makes. */
type Version = 'one' | 'two' | 'next-bridge'

type Server = Awaited<ReturnType<typeof start>>

/** The running demo. */
interface Demo extends Omit<Server, 'close'> {
  /** Puts the files of another version where those of the one before were. */
  readonly deploy: (version: Version) => void
}

/** One tab with the dashboard in it. */
export class Dashboard {
  readonly page: Page
  /** How often a page has been loaded in this tab. */
  loads = 0

  constructor(page: Page) {
    this.page = page
    page.on('load', () => (this.loads += 1))
  }

  /** The version of the page that this tab shows. */
  version(): Promise<string | null> {
    return this.page.locator('meta[name=version]').getAttribute('content')
  }

  /** The texts of the messages that this tab shows, of those that begin with the prefix. */
  async texts(prefix: string): Promise<string[]> {
    const all = await this.page.locator('#feed .text').allTextContents()
    return all.filter((text) => text.startsWith(prefix))
  }

  async expectState(state: string): Promise<void> {
    await expect(this.page.locator('#state')).toHaveText(state)
  }

  /** What the dashboard checks itself, over all reloads of this tab: nothing came twice, too late, or not at all. */
  async expectNoFault(): Promise<void> {
    for (const fault of ['duplicates', 'outOfOrder', 'missing'])
      await expect(this.page.locator(`#count-${fault}`)).toHaveText('0')
  }

  /** Presses one of the buttons that break something. */
  async press(fault: string): Promise<void> {
    await this.page.locator('#faults').getByRole('button', { name: fault }).click()
  }
}

/** Opens a dashboard, and waits until it is connected and its files are kept. */
export const openDashboard = async (context: BrowserContext, { url }: Demo): Promise<Dashboard> => {
  const dashboard = new Dashboard(await context.newPage())
  await dashboard.page.goto(url)
  await dashboard.expectState('Connected')
  await expect
    .poll(() => dashboard.page.evaluate(() => navigator.serviceWorker.controller?.state))
    .toBe('activated')
  return dashboard
}

export const test = base.extend<{ readonly demo: Demo }>({
  // Playwright wants the first argument to be destructured, also where nothing is needed of it.
  // oxlint-disable-next-line no-empty-pattern
  demo: async ({}, use) => {
    const reports: string[] = []
    let deployed: Version = 'one'
    const { close, ...server } = await start({
      port: 0,
      folder: () => fileURLToPath(new URL(`dist/${deployed}`, import.meta.url)),
      violated: (report) => reports.push(report),
    })
    // The fixtures' messages are bob's.
    server.relay.addAgent('bob', 'at_demo_bob')
    await use({ ...server, deploy: (version) => (deployed = version) })
    await close()
    expect(reports, 'violations of the Content Security Policy').toEqual([])
  },
})

/**
 * The script of the worker whose hub has the agent: it holds the agent's lock, and one that has its own address in the
 * name. `docs/architecture.md`, "The life of a worker".
 */
export const scriptOfHub = (page: Page, agent: string): Promise<string | undefined> =>
  page.evaluate(async (name) => {
    const { held = [] } = await navigator.locks.query()
    const hub = held.find((lock) => lock.name?.startsWith(`tabmux:${name}@`))
    const own = held.find(
      (lock) => lock.clientId === hub?.clientId && lock.name?.startsWith('tabmux:worker:'),
    )
    const [, script] = own?.name?.match(/\/assets\/([^"]+)/) ?? []
    return script
  }, agent)
