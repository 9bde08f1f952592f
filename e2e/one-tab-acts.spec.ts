// Handlers in a consumer group: of all tabs, one handles each event.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import type { Acted } from './app/app.js'
import { databaseOf, expect, keepPosting, postAll, test, texts, type Tab } from './fixtures.js'

test.use({ pageOptions: { group: 'sounds', agent: 'alice' } })

const actedIn = (tab: Tab): Promise<Acted[]> => tab.page.evaluate(() => globalThis.app.acted())

/** Waits until the group has handled exactly these, in this order, whichever tab has. */
const expectActed = async (by: Tab, wanted: readonly string[]): Promise<void> => {
  await expect.poll(async () => (await actedIn(by)).length).toBeGreaterThanOrEqual(wanted.length)
  expect((await actedIn(by)).map(({ text }) => text)).toEqual(wanted)
}

const nameOf = (tab: Tab): Promise<string> => tab.page.evaluate(() => globalThis.app.tab)

/** Which of the tabs have handled these texts. */
const actors = async (by: Tab, prefix: string): Promise<Set<string>> =>
  new Set((await actedIn(by)).flatMap(({ tab, text }) => (text.startsWith(prefix) ? tab : [])))

/** The browsers of tests show every page, or none: here is what a page that is hidden, or shown, finds out. */
const setVisible = (page: Page, isVisible: boolean): Promise<void> =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    },
    isVisible ? 'visible' : 'hidden',
  )

/** Three tabs, of which the last one is to be seen. */
const threeTabs = async (openTab: () => Promise<Tab>): Promise<[Tab, Tab, Tab]> => {
  const tabs: [Tab, Tab, Tab] = [await openTab(), await openTab(), await openTab()]
  await Promise.all(tabs.map((tab) => tab.ready()))
  for (const [index, { page }] of tabs.entries()) await setVisible(page, index === 2)
  return tabs
}

test('of three tabs the one that is seen handles each event, once', async ({ relay, openTab }) => {
  const tabs = await threeTabs(openTab)
  postAll(relay, texts('first', 1, 20))
  await expectActed(tabs[0], texts('first', 1, 20))
  expect(await actors(tabs[0], 'first')).toEqual(new Set([await nameOf(tabs[2])]))
  await setVisible(tabs[2].page, false)
  await setVisible(tabs[0].page, true)
  postAll(relay, texts('second', 1, 20))
  await expectActed(tabs[0], [...texts('first', 1, 20), ...texts('second', 1, 20)])
  expect(await actors(tabs[0], 'second')).toEqual(new Set([await nameOf(tabs[0])]))
  // Handlers without a group go on in every tab.
  for (const tab of tabs)
    await expect(tab).toHaveReceivedExactlyOnce([...texts('first', 1, 20), ...texts('second', 1, 20)])
})

test('of two tabs that are both seen, exactly one handles each event', async ({ relay, openTab }) => {
  const tabs = [await openTab(), await openTab()] as const
  await Promise.all(tabs.map((tab) => tab.ready()))
  for (const { page } of tabs) await setVisible(page, true)
  const posting = keepPosting(relay)
  await posting.reached(100)
  await expectActed(tabs[0], posting.stop())
  expect(await actors(tabs[0], 'stream')).toHaveProperty('size', 1)
})

for (const [how, end] of [
  ['is closed', async ({ page }: Tab) => page.close()],
  ['is reloaded', async ({ page }: Tab) => void (await page.reload())],
  ['goes to another page', async ({ page }: Tab) => void (await page.goto('about:blank'))],
  [
    'removes its handlers',
    ({ page }: Tab) =>
      page.evaluate(() => {
        globalThis.app.relay!.close()
      }),
  ],
] as const) {
  test(`the tab that acts ${how} in a stream, and another one goes on`, async ({ relay, openTab }) => {
    const [one, two, three] = await threeTabs(openTab)
    const posting = keepPosting(relay)
    await posting.reached(60)
    await end(three)
    await posting.reached(160)
    await setVisible(two.page, true)
    await posting.reached(220)
    const all = posting.stop()
    await expectActed(one, all)
    expect(await actors(one, 'stream')).toContain(await nameOf(two))
  })
}

test('groups of other names handle each event too, each once', async ({ relay, openTab }) => {
  const tabs = [
    await openTab({ group: 'sounds' }),
    await openTab({ group: 'badge' }),
    await openTab({ group: 'badge' }),
  ] as const
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('message', 1, 10))
  await expect.poll(async () => (await actedIn(tabs[0])).length).toBe(20)
  for (const name of ['sounds', 'badge']) {
    const own = (await actedIn(tabs[0])).filter(({ group }) => group === name)
    expect(own.map(({ text }) => text)).toEqual(texts('message', 1, 10))
  }
})

test('a promise that a handler returns is waited for before the next event comes', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => void (globalThis.app.how.isHeld = true))
  postAll(relay, texts('message', 1, 3))
  await expect(tab).toHaveReceivedExactlyOnce(texts('message', 1, 3))
  for (const count of [1, 2, 3]) {
    await expectActed(tab, texts('message', 1, count))
    await tab.page.evaluate(() => globalThis.app.how.release())
  }
})

test('a promise that never settles holds up the group for a while, and is told of', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => void (globalThis.app.how.isHeld = true))
  postAll(relay, ['never done', 'next'])
  await expectActed(tab, ['never done', 'next'])
  const told = (await tab.received()).flatMap(({ type, event }) => (type === 'error' ? event : []))
  expect(told).toMatchObject([{ code: 'handler_failed', message: expect.stringContaining('"sounds"') }])
})

test('what comes while no tab is there is for the next one', async ({ relay, openTab }) => {
  const group = await openTab()
  await group.ready()
  postAll(relay, texts('before', 1, 3))
  await expectActed(group, texts('before', 1, 3))
  // It keeps the worker, and is no member.
  const other = await openTab({ group: '' })
  await other.ready()
  await group.page.close()
  postAll(relay, texts('meanwhile', 1, 5))
  await expect(other).toHaveReceivedExactlyOnce(texts('meanwhile', 1, 5))
  expect(await actedIn(other)).toHaveLength(3)
  const next = await openTab()
  await expectActed(next, [...texts('before', 1, 3), ...texts('meanwhile', 1, 5)])
})

test('what comes while no page is open at all is for the next one', async ({ relay, openTab, context }) => {
  const [tab, still] = [await openTab(), await context.newPage()]
  await tab.ready()
  postAll(relay, texts('before', 1, 3))
  await expectActed(tab, texts('before', 1, 3))
  await tab.page.close()
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  postAll(relay, texts('meanwhile', 1, 5))
  const next = await openTab()
  await expectActed(next, [...texts('before', 1, 3), ...texts('meanwhile', 1, 5)])
  await still.close()
})

test('a new build takes over in a stream, and the group goes on', async ({ relay, openTab }) => {
  const old = [await openTab({ build: 'one' }), await openTab({ build: 'one' })] as const
  await Promise.all(old.map((tab) => tab.ready()))
  const posting = keepPosting(relay)
  await posting.reached(60)
  const newer = await openTab({ build: 'two' })
  await newer.ready()
  await posting.reached(200)
  await expectActed(newer, posting.stop())
})

test('a logout ends the group; after it, it begins anew', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('before', 1, 3))
  await expectActed(tab, texts('before', 1, 3))
  await tab.page.evaluate(() => globalThis.app.relay!.logout())
  postAll(relay, texts('nobody', 1, 3))
  await tab.page.reload()
  await tab.ready()
  postAll(relay, texts('after', 1, 3))
  await expectActed(tab, [...texts('before', 1, 3), ...texts('after', 1, 3)])
})

test('a group whose journal is gone is told so, once', async ({ relay, openTab }) => {
  const tabs = [await openTab(), await openTab()] as const
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('before', 1, 3))
  await expectActed(tabs[0], texts('before', 1, 3))
  const page = await tabs[0].page.context().newPage()
  await page.goto(tabs[0].page.url().replace(/\?.*/, ''))
  for (const tab of tabs) await tab.page.goto('about:blank')
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  await page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name)
        request.addEventListener('success', () => resolve())
        request.addEventListener('error', () => reject(request.error))
      }),
    databaseOf(relay),
  )
  for (const tab of tabs) await tab.page.goBack()
  await expect
    .poll(async () => (await page.evaluate(() => globalThis.app.acted())).map(({ text }) => text))
    .toEqual([...texts('before', 1, 3), 'gap: journal_lost', 'gap: no_cursor'])
})

test.describe('what only Chromium’s protocol can do', () => {
  test.skip(({ browserName }) => browserName !== 'chromium')

  test('the tab that acts crashes, and another one goes on', async ({ relay, openTab }) => {
    const [one, two, three] = await threeTabs(openTab)
    const posting = keepPosting(relay)
    await posting.reached(60)
    void three.page.goto('chrome://crash').catch(() => undefined) // a page that has crashed never finishes to load
    await three.page.waitForEvent('crash')
    await posting.reached(200)
    const all = posting.stop()
    await expect.poll(async () => (await actedIn(one)).at(-1)?.text).toBe(all.at(-1))
    const got = (await actedIn(one)).map(({ text }) => text)
    expect([...new Set(got)]).toEqual(all)
    // The one that it was at may have come again, and no other.
    expect(got.length - all.length).toBeLessThanOrEqual(1)
    expect(await actors(two, 'stream')).toHaveProperty('size', 2)
  })

  test('the worker is killed under a stream, and the group goes on without a repetition', async ({
    relay,
    openTab,
    killWorker,
  }) => {
    const tabs = await threeTabs(openTab)
    const posting = keepPosting(relay)
    for (let round = 1; round <= 3; round++) {
      await posting.reached(round * 60)
      await killWorker()
    }
    await posting.reached(260)
    await expectActed(tabs[0], posting.stop())
  })

  test('the worker is killed while a handler is at work, and does not have it begin again', async ({
    relay,
    openTab,
    killWorker,
  }) => {
    const [one, two, three] = await threeTabs(openTab)
    await three.page.evaluate(() => void (globalThis.app.how.isHeld = true))
    postAll(relay, ['slow'])
    await expectActed(one, ['slow'])
    await setVisible(two.page, true)
    await setVisible(three.page, false)
    await killWorker()
    postAll(relay, ['next'])
    await expect(two).toHaveReceivedExactlyOnce(['slow', 'next'])
    await three.page.evaluate(() => globalThis.app.how.release())
    await expectActed(one, ['slow', 'next'])
    expect(await actors(one, 'next')).toEqual(new Set([await nameOf(two)]))
  })

  test('a tab that goes into the back/forward cache leaves its turns to another one', async ({
    relay,
    openTab,
    siteUrl,
  }) => {
    const [one, , three] = await threeTabs(openTab)
    await three.page.goto(`${siteUrl}/?elsewhere`)
    postAll(relay, texts('away', 1, 5))
    await expectActed(one, texts('away', 1, 5))
  })
})

test('a tab in which nothing runs loses its turn after 10 s, and begins with none of that when it goes on', async ({
  relay,
  openTab,
}) => {
  test.setTimeout(90_000)
  const waiting: ServerResponse[] = []
  const server = createServer((_, response) => void waiting.push(response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  const [one, two, three] = await threeTabs(openTab)
  postAll(relay, texts('before', 1, 3))
  await expectActed(one, texts('before', 1, 3))
  // What a frozen page is to the others: what comes lies there until it goes on.
  const held = three.page.evaluate((url) => {
    const request = new XMLHttpRequest()
    request.open('GET', url, false)
    request.send()
  }, `http://127.0.0.1:${port}/`)
  await expect.poll(() => waiting.length).toBe(1)
  postAll(relay, texts('meanwhile', 1, 5))
  await expect.poll(async () => (await actedIn(one)).length, { timeout: 30_000 }).toBe(8)
  waiting[0]!.setHeader('access-control-allow-origin', '*').end()
  await held
  server.close()
  await expect(three).toHaveReceivedExactlyOnce([...texts('before', 1, 3), ...texts('meanwhile', 1, 5)])
  await setVisible(two.page, true)
  postAll(relay, texts('after', 1, 3))
  await expectActed(one, [...texts('before', 1, 3), ...texts('meanwhile', 1, 5), ...texts('after', 1, 3)])
  expect(await actors(one, 'meanwhile')).not.toContain(await nameOf(three))
})

test('a tab that hangs in a handler has 10 s, and then another one has its turn', async ({
  relay,
  openTab,
}) => {
  test.setTimeout(90_000)
  const [one, two, three] = await threeTabs(openTab)
  await three.page.evaluate(() => void (globalThis.app.how.blocksMs = 15_000))
  postAll(relay, ['hangs'])
  await expect.poll(async () => (await actedIn(one)).length).toBe(1)
  // It has begun: so it is handled twice. Nobody can take back what a handler has done.
  await expect.poll(async () => (await actedIn(one)).length, { timeout: 30_000 }).toBe(2)
  const [first, second] = await actedIn(one)
  expect(first!.tab).toBe(await nameOf(three))
  expect([await nameOf(one), await nameOf(two)]).toContain(second!.tab)
})
