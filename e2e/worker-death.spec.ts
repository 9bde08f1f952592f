import { expect, keepPosting, test } from './fixtures.js'

test.skip(({ browserName }) => browserName !== 'chromium', 'only Chromium’s protocol can kill a SharedWorker')

test('a worker that is killed under a stream is replaced, and nothing is lost or repeated', async ({
  relay,
  openTab,
  killWorker,
}) => {
  const tabs = await Promise.all([openTab(), openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  const posting = keepPosting(relay)
  for (let round = 1; round <= 3; round++) {
    await posting.reached(round * 60)
    await killWorker()
  }
  await posting.reached(240)
  const all = posting.stop()
  await expect(tabs).toHaveReceivedExactlyOnce(all)
  await expect(relay).toHaveOneSocket('alice')
  expect((await tabs[0]!.status()).tabs).toBe(3)
})

test('the tab whose process holds the worker crashes, and the others go on', async ({
  relay,
  openTab,
  crashTab,
}) => {
  const owner = await openTab()
  await owner.ready()
  const survivor = await openTab()
  await survivor.ready()
  const posting = keepPosting(relay)
  await posting.reached(40)
  await crashTab(owner)
  await posting.reached(120)
  await expect(survivor).toHaveReceivedExactlyOnce(posting.stop())
  await expect.poll(async () => (await survivor.status()).tabs).toBe(1)
})

test('a frozen tab gets everything when it wakes', async ({ relay, openTab, freezeTab }) => {
  const frozen = await openTab()
  const awake = await openTab()
  await Promise.all([frozen.ready(), awake.ready()])
  const wake = await freezeTab(frozen)
  const posting = keepPosting(relay)
  await posting.reached(150)
  await expect(awake).toHaveReceivedExactlyOnce(posting.stop())
  await wake()
  await expect(frozen).toHaveReceivedExactlyOnce(await awake.texts())
})
