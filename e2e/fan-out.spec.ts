import { expect, postAll, test, texts } from './fixtures.js'

test('several tabs share one socket, and each gets every event once and in order', async ({
  relay,
  openTab,
}) => {
  const tabs = await Promise.all([openTab(), openTab(), openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  const all = texts('message', 1, 200)
  postAll(relay, all)
  await expect(tabs).toHaveReceivedExactlyOnce(all)
  await expect(relay).toHaveOneSocket('alice')
  const offsets = (await tabs[0]!.received()).flatMap(({ offset }) => offset ?? [])
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
})

test('a new tab starts at now', async ({ relay, openTab }) => {
  const first = await openTab()
  await first.ready()
  postAll(relay, texts('before', 1, 3))
  await expect(first).toHaveReceivedExactlyOnce(texts('before', 1, 3))
  const second = await openTab()
  await second.ready()
  postAll(relay, texts('after', 1, 3))
  await expect(second).toHaveReceivedExactlyOnce(texts('after', 1, 3))
  await expect(relay).toHaveOneSocket('alice')
})
