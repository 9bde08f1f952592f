import { expect, postAll, test, texts } from './fixtures.js'

test.skip(
  ({ browserName }) => browserName !== 'chromium',
  'only Chromium’s protocol can crash and revive a page',
)

test('a tab that crashes and is reloaded goes on where it was', async ({ relay, openTab, crashTab }) => {
  const other = await openTab()
  const tab = await openTab({ lingerMs: 30_001 })
  await Promise.all([other.ready(), tab.ready()])
  postAll(relay, texts('before', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 20))
  const reload = await crashTab(tab)
  postAll(relay, texts('missed', 1, 20))
  await expect.poll(async () => (await other.status()).tabs).toBe(1)
  await reload()
  await expect.poll(async () => (await other.status()).tabs).toBe(2)
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 20), ...texts('missed', 1, 20)])
})
