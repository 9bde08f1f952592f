/** The kit's fixtures for the project's own app: where it is served, its builds, and the options it is opened with. */
import { fileURLToPath } from 'node:url'
import type { BrowserContext } from '@playwright/test'
import { expect, test as kit, type Tab } from 'tabmux/playwright'
import type { ReferenceRelay } from 'tabmux/testing'
import type { PageOptions } from './app/app.js'
import { serveFolder } from './static-server.js'

export { expect, type Tab }

interface Fixtures {
  /** Where the page is served: the folder of the first build. */
  readonly siteUrl: string
  /** Options of `connect` in the tabs. */
  readonly pageOptions: Partial<PageOptions>
  /** Opens the app in a tab, and waits for nothing. */
  readonly openTab: (options?: TabOptions, context?: BrowserContext) => Promise<Tab>
}

/** The deployments of the app that `app/build.mjs` makes. */
type Build = 'one' | 'two' | 'three' | 'next-bridge'

/** What a tab is opened with: the options of `connect`, and the build that is loaded. */
type TabOptions = Partial<PageOptions> & { readonly build?: Build }

/** The tests' own `test`. */
export const test = kit.extend<Fixtures, { readonly builtUrl: string }>({
  builtUrl: [
    // Playwright wants the first argument to be destructured, also where nothing is needed of it.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await using server = await serveFolder(fileURLToPath(new URL('app/dist', import.meta.url)))
      await use(`${server.url}/one`)
    },
    { scope: 'worker' },
  ],
  pageOptions: [{}, { option: true }],
  siteUrl: ({ builtUrl }, use) => use(builtUrl),
  appUrl: ({ siteUrl }, use) => use(`${siteUrl}/`),
  openTab: async ({ openTabs, siteUrl, relay, context: own, pageOptions }, use) => {
    await use(async ({ build = 'one', ...options } = {}, context = own) => {
      const all: PageOptions = {
        baseUrl: relay.url,
        token: 'at_live_alice',
        reconnectBaseDelayMs: 50,
        ...pageOptions,
        ...options,
      }
      const address = new URL(`../${build}/`, `${siteUrl}/`)
      address.searchParams.set('options', JSON.stringify(all))
      const [tab] = await openTabs(1, { url: address.href, context, waitUntil: 'load' })
      return tab
    })
  },
})

/** Messages that keep coming, one every few milliseconds. */
interface Posting {
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
  await page.goto(appUrl)
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
