import { expect, postAll, test, texts } from './fixtures.js'

const historyOf = (limit: number) =>
  globalThis.app
    .relay!.history({ limit })
    .then((entries) => entries.map(({ event }) => Reflect.get(event, 'message').text))

test('history gives the newest events, also when offline', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('message', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce(texts('message', 1, 20))
  relay.refuse(true)
  relay.cut('alice')
  expect(await tab.page.evaluate(historyOf, 5)).toEqual(texts('message', 16, 20))
  await tab.page.reload()
  expect(await tab.page.evaluate(historyOf, 5)).toEqual(texts('message', 16, 20))
})

test('a new tab can start with the last events, or with all the journal holds', async ({
  relay,
  openTab,
}) => {
  const first = await openTab()
  await first.ready()
  postAll(relay, texts('message', 1, 20))
  await expect(first).toHaveReceivedExactlyOnce(texts('message', 1, 20))
  const last = await openTab({ from: { last: 3 } })
  await expect(last).toHaveReceivedExactlyOnce(texts('message', 18, 20))
  const all = await openTab({ from: 'journal' })
  await expect(all).toHaveReceivedExactlyOnce(texts('message', 1, 20))
})

test('events() iterates over what comes, until its signal aborts', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  const collected = tab.page.evaluate(async () => {
    const controller = new AbortController()
    const seen: unknown[] = []
    Object.assign(globalThis, { iterating: true })
    for await (const { event } of globalThis.app.relay!.events({ signal: controller.signal })) {
      seen.push(Reflect.get(event, 'message').text)
      if (seen.length === 3) controller.abort()
    }
    return seen
  })
  await tab.page.waitForFunction(() => Reflect.has(globalThis, 'iterating'))
  postAll(relay, texts('message', 1, 3))
  expect(await collected).toEqual(texts('message', 1, 3))
})
