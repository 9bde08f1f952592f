import { expect, keepPosting, killWorker, test } from './fixtures.js'

test.skip(({ browserName }) => browserName !== 'chromium', 'only Chromium’s protocol can kill a SharedWorker')

test('a worker that is killed under a stream is replaced, and nothing is lost or repeated', async ({
  relay,
  openTab,
}) => {
  const tabs = await Promise.all([openTab(), openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  const posting = keepPosting(relay)
  for (let round = 1; round <= 3; round++) {
    await posting.reached(round * 60)
    await killWorker(tabs[0]!.page)
  }
  await posting.reached(240)
  const all = posting.stop()
  for (const tab of tabs) await tab.expectTexts(all)
  await expect.poll(() => relay.sockets('alice')).toHaveLength(1)
  expect((await tabs[0]!.status()).tabs).toBe(3)
})

test('the tab whose process holds the worker crashes, and the others go on', async ({
  relay,
  openTab,
  browser,
  appUrl,
}) => {
  const owner = await openTab()
  await owner.ready()
  const survivor = await openTab()
  await survivor.ready()
  const posting = keepPosting(relay)
  await posting.reached(40)
  void owner.page.goto('chrome://crash').catch(() => undefined) // a page that has crashed never finishes to load
  await owner.page.waitForEvent('crash')
  await posting.reached(120)
  await survivor.expectTexts(posting.stop())
  await expect.poll(async () => (await survivor.status()).tabs).toBe(1)
  expect([browser.isConnected(), appUrl]).toBeTruthy()
})

test('a frozen tab gets everything when it wakes', async ({ relay, openTab }) => {
  const frozen = await openTab()
  const awake = await openTab()
  await Promise.all([frozen.ready(), awake.ready()])
  const session = await frozen.page.context().newCDPSession(frozen.page)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  const posting = keepPosting(relay)
  await posting.reached(150)
  await awake.expectTexts(posting.stop())
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await frozen.expectTexts(await awake.texts())
})
