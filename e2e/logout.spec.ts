import { expect, postAll, test, texts } from './fixtures.js'

test('logout closes all tabs of the agent and wipes what is stored of it', async ({ relay, openTab }) => {
  const tabs = await Promise.all([openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('secret', 1, 5))
  for (const tab of tabs) await tab.expectTexts(texts('secret', 1, 5))
  const page = tabs[0]!.page
  const databases = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
  const positions = () =>
    page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('tabmux:')))
  expect(await databases()).toHaveLength(1)
  expect(await positions()).toHaveLength(1)

  await page.evaluate(() => globalThis.app.relay!.logout())
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  expect(await databases()).toEqual([])
  expect(await positions()).toEqual([])
  for (const tab of tabs) await expect.poll(async () => (await tab.status()).state).toBe('closed')

  postAll(relay, texts('later', 1, 3))
  const next = await openTab()
  await next.ready()
  expect(await next.page.evaluate(() => globalThis.app.relay!.history())).toEqual([])
})
