/** What every end-to-end test has: a relay of its own, the built page on a server, and tabs. */
import { fileURLToPath } from 'node:url'
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'
import { startRelay, type ReferenceRelay, type RelayOptions } from 'tabmux/testing'
import type { PageOptions, Recorded } from './app/app.js'
import { serveFolder } from './static-server.js'

export { expect }

/** One tab with the page in it. */
export class Tab {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Everything that the handlers of this tab were told, over all its reloads, in order. */
  async records(): Promise<Recorded[]> {
    // As one text: to hand over a thousand objects one by one takes Firefox seconds.
    return JSON.parse(await this.page.evaluate(() => JSON.stringify(globalThis.app.records())))
  }

  /** The texts of the messages that this tab got, in order. */
  async texts(): Promise<string[]> {
    return (await this.records()).flatMap(({ text }) => text ?? [])
  }

  async ofType(type: string): Promise<Recorded[]> {
    return (await this.records()).filter((recorded) => recorded.type === type)
  }

  /** The causes of the gaps that this tab was told of. */
  async gaps(): Promise<unknown[]> {
    const told = (await this.ofType('resynced')).map(
      ({ event }) => event as { gapDetected: boolean; cause?: string }, // what the type says it has
    )
    return told.flatMap(({ gapDetected, cause }) => (gapDetected ? [cause] : []))
  }

  status() {
    return this.page.evaluate(() => globalThis.app.relay!.status)
  }

  ready(): Promise<void> {
    return this.page.evaluate(() => globalThis.app.relay!.ready)
  }

  /** Waits until the tab has got exactly these texts, in this order. */
  async expectTexts(texts: readonly string[]): Promise<void> {
    await expect.poll(async () => (await this.texts()).length).toBeGreaterThanOrEqual(texts.length)
    expect(await this.texts()).toEqual(texts)
  }
}

interface Fixtures {
  /** Options of the relay that `relay` starts. */
  readonly relayOptions: RelayOptions
  readonly relay: ReferenceRelay
  /** Where the page is served. */
  readonly siteUrl: string
  /** Options of `connect` in the tabs. */
  readonly pageOptions: Partial<PageOptions>
  readonly openTab: (options?: TabOptions, context?: BrowserContext) => Promise<Tab>
}

/** The deployments of the app that `app/build.mjs` makes. */
export type Build = 'one' | 'two' | 'three' | 'next-bridge'

/** What a tab is opened with: the options of `connect`, and the build that is loaded. */
type TabOptions = Partial<PageOptions> & { readonly build?: Build }

/** The tests' own `test`. */
export const test = base.extend<Fixtures, { readonly appUrl: string }>({
  appUrl: [
    // Playwright wants the first argument to be destructured, also where nothing is needed of it.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await using server = await serveFolder(fileURLToPath(new URL('app/dist', import.meta.url)))
      await use(`${server.url}/one`)
    },
    { scope: 'worker' },
  ],
  relayOptions: [{}, { option: true }],
  relay: async ({ relayOptions }, use) => {
    const agents = { alice: 'at_live_alice', bob: 'at_live_bob' }
    await using relay = await startRelay({ agents, channels: ['general', 'random'], ...relayOptions })
    await use(relay)
  },
  pageOptions: [{}, { option: true }],
  siteUrl: ({ appUrl }, use) => use(appUrl),
  openTab: async ({ siteUrl, relay, context, pageOptions }, use) => {
    await use(async ({ build = 'one', ...options } = {}, where = context) => {
      const page = await where.newPage()
      const all: PageOptions = {
        baseUrl: relay.url,
        token: 'at_live_alice',
        reconnectBaseDelayMs: 50,
        ...pageOptions,
        ...options,
      }
      const address = new URL(`../${build}/`, `${siteUrl}/`)
      address.searchParams.set('options', JSON.stringify(all))
      await page.goto(address.href)
      return new Tab(page)
    })
  },
})

/** Messages that keep coming, one every few milliseconds. */
export interface Posting {
  /** Stops and gives the texts of all that were posted, in order. */
  readonly stop: () => string[]
  /** Waits until so many have been posted in all. */
  readonly reached: (count: number) => Promise<void>
  /** How many have been posted. */
  readonly count: () => number
}

/** Starts to post messages as bob. */
export const keepPosting = (relay: ReferenceRelay, prefix = 'stream'): Posting => {
  const posted: string[] = []
  const timer = setInterval(() => {
    const text = `${prefix} ${posted.length + 1}`
    relay.post({ from: 'bob', channel: 'general', text })
    posted.push(text)
  }, 5)
  return {
    stop: () => {
      clearInterval(timer)
      return posted
    },
    reached: (count) => expect.poll(() => posted.length).toBeGreaterThanOrEqual(count),
    count: () => posted.length,
  }
}

/** Kills the SharedWorker, as an out-of-memory would: no event, no error, its sockets die with it. Chromium only. */
export const killWorker = async (page: Page): Promise<void> => {
  const browser = page.context().browser()
  if (!browser) throw new Error('expected a page of a launched browser')
  const session = await browser.newBrowserCDPSession()
  const find = async () => {
    const { targetInfos } = await session.send('Target.getTargets')
    return targetInfos.find(({ type }) => type === 'shared_worker')?.targetId
  }
  await expect.poll(find, 'a running SharedWorker').toBeDefined()
  const targetId = await find()
  if (targetId !== undefined) await session.send('Target.closeTarget', { targetId })
  await session.detach()
}

/** The texts `${prefix} ${from}` to `${prefix} ${to}`. */
export const texts = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix} ${from + index}`)

/** Posts messages with these texts to a channel, as bob. */
export const postAll = (relay: ReferenceRelay, all: readonly string[], channel = 'general'): void => {
  for (const text of all) relay.post({ from: 'bob', channel, text })
}

/** The name of alice's database. The page has to name the agent, `alice`. */
export const databaseOf = (relay: ReferenceRelay): string => `tabmux:alice@${new URL(relay.url).host}`

/**
 * Holds a database, as another page of the origin may: a transaction that goes on and on keeps everybody else's out.
 * Returns what lets go.
 */
export const holdDatabase = async (
  context: BrowserContext,
  appUrl: string,
  name: string,
): Promise<() => Promise<void>> => {
  const page = await context.newPage()
  await page.goto(`${appUrl}/`)
  await page.evaluate(
    (database) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(database)
        request.addEventListener('error', () => reject(request.error))
        request.addEventListener('success', () => {
          const store = request.result.transaction('journal', 'readwrite').objectStore('journal')
          const goOn = () => {
            const reading = store.count()
            reading.addEventListener('success', goOn)
          }
          store.count().addEventListener('success', () => {
            goOn()
            resolve()
          })
        })
      }),
    name,
  )
  return () => page.close()
}
