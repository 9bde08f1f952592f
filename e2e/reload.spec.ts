import { expect, keepPosting, test } from './fixtures.js'

test('one of several tabs reloads under a stream, and each gets everything once and in order', async ({
  relay,
  openTab,
}) => {
  const staying = await openTab()
  const reloading = await openTab()
  await Promise.all([staying.ready(), reloading.ready()])
  const posting = keepPosting(relay)
  for (let round = 1; round <= 4; round++) {
    await posting.reached(round * 40)
    await reloading.page.reload()
  }
  const all = posting.stop()
  await expect(staying).toHaveReceivedExactlyOnce(all)
  await expect(reloading).toHaveReceivedExactlyOnce(all)
  await expect(relay).toHaveOneSocket('alice')
})

for (const lifetime of ['short', 'extended'] as const) {
  test(`the only tab reloads under a stream, its worker with ${lifetime} lifetime`, async ({
    relay,
    openTab,
  }) => {
    const tab = await openTab({ lifetime })
    await tab.ready()
    const posting = keepPosting(relay)
    for (let round = 1; round <= 4; round++) {
      await posting.reached(round * 40)
      await tab.page.reload()
    }
    const all = posting.stop()
    await expect(tab).toHaveReceivedExactlyOnce(all)
    expect(
      (await tab.received('resynced')).filter(({ event }) => (event as { gapDetected: boolean }).gapDetected),
    ).toEqual([])
  })
}

test('a tab that is reloaded before its script has attached goes on where it was', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  const posting = keepPosting(relay)
  await posting.reached(30)
  // By then the script has called `connect`, and the worker has not answered yet.
  for (let round = 0; round < 5; round++) await tab.page.reload({ waitUntil: 'domcontentloaded' })
  await tab.page.waitForFunction(() => globalThis.app?.relay?.status.state === 'connected')
  await expect(tab).toHaveReceivedExactlyOnce(posting.stop())
})

test('a page that navigates away and back goes on where it was', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  const posting = keepPosting(relay)
  await posting.reached(30)
  const address = tab.page.url()
  await tab.page.goto('about:blank')
  await posting.reached(60)
  await tab.page.goto(address)
  await tab.ready()
  await expect(tab).toHaveReceivedExactlyOnce(posting.stop())
})
