// The tab that acts for a consumer group ends, or the worker does: another tab goes on where it was.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { actedIn, actors, expectActed, expectActedOnce, nameOf, setVisible, threeTabs } from './acting.js'
import type { Acted } from './app/app.js'
import { expect, keepPosting, postAll, test, texts, type Tab } from './fixtures.js'
import { openWindows } from './windows.js'

test.use({ pageOptions: { group: 'sounds', agent: 'alice' } })

for (const [how, end] of [
  ['is closed', async ({ page }: Tab) => page.close()],
  [
    'is reloaded',
    async ({ page }: Tab, othersAct: () => Promise<void>) => {
      // It is seen again when it is back, and has its turns again: so it comes back when another one has had one.
      await page.route(/\.js$/, async (route) => {
        await othersAct()
        await route.continue()
      })
      await page.reload()
    },
  ],
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
    const othersAct = () => expect.poll(async () => (await actors(one, 'stream')).size).toBeGreaterThan(1)
    const posting = keepPosting(relay)
    await posting.reached(60)
    await end(three, othersAct)
    await othersAct()
    await setVisible(two.page, true)
    await posting.reached(220)
    const all = posting.stop()
    await expectActedOnce(one, all)
  })
}

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
    await expectActedOnce(one, all)
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

  test('a tab that the browser freezes leaves its turns to another one', async ({
    relay,
    browser,
    siteUrl,
  }) => {
    const tabs = await openWindows(browser, 2, siteUrl, relay)
    postAll(relay, texts('before', 1, 3))
    await expect.poll(async () => (await tabs[0]!.acted()).length).toBe(3)
    const [{ tab: acting }] = (await tabs[0]!.acted()) as [Acted] // the line above has waited for them
    const names = await Promise.all(tabs.map((tab) => tab.evaluate('app.tab')))
    const [frozen, other] = names[0] === acting ? tabs : tabs.toReversed()
    await frozen!.evaluate(
      'globalThis.got = []; app.relay.on.messageCreated(({ message }) => got.push(message.text)); null',
    )
    await frozen!.send('Page.setWebLifecycleState', { state: 'frozen' })
    expect(await frozen!.evaluate('document.visibilityState')).toBe('hidden')
    postAll(relay, texts('meanwhile', 1, 5))
    await expect.poll(async () => (await other!.acted()).length).toBe(8)
    await frozen!.send('Page.setWebLifecycleState', { state: 'active' })
    await expect.poll(() => frozen!.evaluate('got.includes("meanwhile 5")')).toBe(true)
    postAll(relay, texts('after', 1, 3))
    await expect.poll(async () => (await other!.acted()).length).toBeGreaterThanOrEqual(11)
    const acted = await other!.acted()
    expect(acted.map(({ text }) => text)).toEqual([
      ...texts('before', 1, 3),
      ...texts('meanwhile', 1, 5),
      ...texts('after', 1, 3),
    ])
    expect(acted.slice(3).some(({ tab }) => tab === acting)).toBe(false)
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
  browserName,
}) => {
  test.skip(browserName === 'firefox', 'a synchronous request does not stop everything in a page of Firefox')
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
