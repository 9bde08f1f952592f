import { expect, postAll, test, texts } from './fixtures.js'

test('several tabs share one socket, and each gets every event once and in order', async ({
  relay,
  openTab,
}) => {
  const tabs = await Promise.all([openTab(), openTab(), openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  const all = texts('message', 1, 200)
  postAll(relay, all)
  for (const tab of tabs) await tab.expectTexts(all)
  expect(relay.sockets('alice')).toHaveLength(1)
  const offsets = (await tabs[0]!.records()).flatMap(({ offset }) => offset ?? [])
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
})

test('a new tab starts at now', async ({ relay, openTab }) => {
  const first = await openTab()
  await first.ready()
  postAll(relay, texts('before', 1, 3))
  await first.expectTexts(texts('before', 1, 3))
  const second = await openTab()
  await second.ready()
  postAll(relay, texts('after', 1, 3))
  await second.expectTexts(texts('after', 1, 3))
  expect(relay.sockets('alice')).toHaveLength(1)
})
