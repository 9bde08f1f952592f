/** The fixtures of `tabmux/playwright`. */
import {
  test as base,
  type BrowserContext,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test'
import { startRelay, type ReferenceRelay, type RelayOptions } from '../testing/index.js'
import { UnsupportedBrowserError } from './errors.js'
import { crashTab, freezeTab } from './pages.js'
import { join } from './siblings.js'
import { prepare, Tab } from './tab.js'
import { Targets } from './targets.js'
import { listenToWorkers, type WorkerLog } from './worker-logs.js'
import { hangWorker, killWorker } from './workers.js'

/** How tabs are opened. */
export interface OpenOptions {
  /** The address, or a part of one that is taken from that of `appUrl`. @default `appUrl` */
  readonly url?: string
  /** Pages of one context share the worker, as windows of one browser profile do. @default the test's own */
  readonly context?: BrowserContext
  /**
   * `connected`: until `relay.ready` is settled, so that no event is missed from then on. `load`: until the page has
   * loaded, and no longer. @default 'connected'
   */
  readonly waitUntil?: 'connected' | 'load'
}

type Repeat<N extends number, Tabs extends readonly Tab[]> = Tabs['length'] extends N
  ? Tabs
  : Repeat<N, readonly [...Tabs, Tab]>

/** So many tabs: a tuple, if the number is written out. */
export type TabsOf<N extends number> = number extends N ? readonly Tab[] : Repeat<N, readonly []>

/** Undoes what a tool has done, and resolves once that is so; safe to call twice. */
export type Undo = () => Promise<void>

/** What can be set by `test.use` or in the configuration. */
export interface KitOptions {
  /**
   * Options of the relay. @default two agents, alice with the token 'at_live_alice', and bob with 'at_live_bob', in
   * the channel 'general'
   */
  readonly relayOptions: RelayOptions
}

/** What tests get. Tools that only Chromium offers throw an {@link UnsupportedBrowserError} elsewhere. */
export interface KitFixtures {
  /** The reference relay, in the process of the test, with a state of its own: `relay.post`, `relay.cut`, … */
  readonly relay: ReferenceRelay
  /**
   * The address of the app under test, connected to `relay`. Override it with how your app is told of its relay.
   *
   * @default `baseURL` with the relay's address as the parameter `relay`
   * @example
   * const test = kit.extend({
   *   appUrl: ({ relay }, use) => use(`http://localhost:5173/?relay=${encodeURIComponent(relay.url)}`),
   * })
   */
  readonly appUrl: string
  /** Opens the app in so many tabs. */
  readonly openTabs: <const N extends number>(count: N, options?: OpenOptions) => Promise<TabsOf<N>>
  /** The tab of a page that the test, or the app itself, has opened after the test had begun. */
  readonly tabOf: (page: Page) => Tab
  /**
   * Kills the SharedWorker of a tab, as an out-of-memory would: no event, no error, its socket dies with it. Waits
   * until there is one. Chromium only.
   *
   * @param tab one of those that share it. @default the first that is open
   */
  readonly killWorker: (tab?: Tab) => Promise<void>
  /**
   * Makes the SharedWorker of a tab hang, as in an endless loop. It goes on when the test ends, or what is returned is
   * called. Chromium only.
   *
   * @param tab one of those that share it. @default the first that is open
   */
  readonly hangWorker: (tab?: Tab) => Promise<Undo>
  /**
   * Stops all that runs in a tab, so that what comes for it waits, as in one that the browser has frozen in the
   * background; what is returned wakes it. The page gets no `freeze` and no `resume` event, and until it wakes neither
   * Playwright nor the kit can look into it. Chromium only.
   */
  readonly freezeTab: (tab: Tab) => Promise<Undo>
  /**
   * Crashes a tab, and everything that runs in its process: the SharedWorker, if that was started by it. What is
   * returned reloads the tab, as its user does; matchers go on with it, `tab.page` does not. Chromium only.
   */
  readonly crashTab: (tab: Tab) => Promise<Undo>
  /**
   * What SharedWorkers have said on their console by now, from the beginning of the test on, in the order in which it
   * was heard. Chromium only.
   */
  readonly workerLogs: () => Promise<readonly WorkerLog[]>
}

/** What the fixtures share in one test. */
interface Kit {
  readonly tabs: Tab[]
  tabOf(page: Page): Tab
  /** The tab that is meant if none is named. */
  chosen(tab: Tab | undefined): Tab
  /** What can be reached of Chromium. @throws {UnsupportedBrowserError} */
  targets(tool: string): Promise<Targets>
  /** Takes what has to be undone when the test ends. */
  later(undo: Undo): Undo
}

const AGENTS = { alice: 'at_live_alice', bob: 'at_live_bob' }

const once = (undo: Undo): Undo => {
  let done: Promise<void> | undefined
  return () => (done ??= undo())
}

/** Playwright's `test`, with the fixtures of the kit. */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & KitOptions & KitFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
> = base.extend<KitOptions & KitFixtures & { readonly _tabmux: Kit }>({
  relayOptions: [{}, { option: true }],

  relay: async ({ relayOptions }, use) => {
    await using relay = await startRelay({ agents: AGENTS, ...relayOptions })
    await use(relay)
  },

  appUrl: async ({ relay, baseURL }, use) => {
    if (baseURL === undefined) {
      throw new Error(
        'tabmux/playwright: expected baseURL or the fixture appUrl to say where the app is, got none',
      )
    }
    const url = new URL(baseURL)
    url.searchParams.set('relay', relay.url)
    await use(url.href)
  },

  _tabmux: async ({ context, browser, browserName }, use) => {
    await prepare(context)
    const tabs: Tab[] = []
    const undos: Undo[] = []
    let targets: Promise<Targets> | undefined
    await use({
      tabs,
      tabOf: (page) => {
        const known = tabs.find((tab) => tab.page === page)
        if (known) return known
        const tab = new Tab(page, `tab ${tabs.length + 1}`)
        join(tab, tabs)
        return tab
      },
      chosen: (tab) => {
        const chosen = tab ?? tabs.find(({ page }) => !page.isClosed())
        if (!chosen) throw new Error('expected an open tab, got none: openTabs(1) opens one')
        return chosen
      },
      targets: async (tool) => {
        if (browserName !== 'chromium') throw new UnsupportedBrowserError(tool, browserName)
        return (targets ??= Targets.open(browser))
      },
      later: (undo) => {
        const undoOnce = once(undo)
        undos.push(undoOnce)
        return undoOnce
      },
    })
    for (const undo of undos.toReversed()) await undo()
    await (await targets)?.close()
  },

  openTabs: async ({ appUrl, context: own, _tabmux: { tabOf } }, use) => {
    const open = async (
      count: number,
      { url = appUrl, context = own, waitUntil = 'connected' }: OpenOptions,
    ): Promise<Tab[]> => {
      await prepare(context)
      const tabs: Tab[] = []
      // One after the other, so that their names tell their order; they load at the same time.
      while (tabs.length < count) tabs.push(tabOf(await context.newPage()))
      await Promise.all(
        tabs.map(async (tab) => {
          await tab.page.goto(new URL(url, appUrl).href)
          if (waitUntil === 'connected') await tab.ready()
        }),
      )
      return tabs
    }
    await use(
      async <N extends number>(count: N, options: OpenOptions = {}) =>
        (await open(count, options)) as unknown as TabsOf<N>, // there are as many as were asked for
    )
  },

  tabOf: ({ _tabmux: { tabOf } }, use) => use(tabOf),

  killWorker: ({ _tabmux: { targets, chosen } }, use) =>
    use(async (tab) => killWorker(await targets('killWorker'), chosen(tab))),

  hangWorker: ({ _tabmux: { targets, chosen, later } }, use) =>
    use(async (tab) => later(await hangWorker(await targets('hangWorker'), chosen(tab)))),

  freezeTab: ({ _tabmux: { targets, later } }, use) =>
    use(async (tab) => {
      await targets('freezeTab')
      return later(await freezeTab(tab))
    }),

  crashTab: ({ _tabmux: { targets } }, use) =>
    use(async (tab) => once(await crashTab(await targets('crashTab'), tab))),

  workerLogs: async ({ _tabmux: { targets }, browserName }, use) => {
    // Also what is said before it is asked for; where nothing can be heard, that is said when it is.
    const logs = browserName === 'chromium' ? listenToWorkers(await targets('workerLogs')) : null
    await use(async () => [...(await (logs ?? targets('workerLogs').then(listenToWorkers)))])
  },
})
