// Handlers in a consumer group: of all tabs, one handles each event.
import { actedIn, actors, expectActed, nameOf, setVisible, threeTabs } from './acting.js'
import { databaseOf, expect, keepPosting, postAll, test, texts } from './fixtures.js'

test.use({ pageOptions: { group: 'sounds', agent: 'alice' } })

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
