import { expect, postAll, test, texts } from './fixtures.js'

test('a tab that is closed drops out, and its subscriptions with it', async ({ relay, openTab }) => {
  const staying = await openTab()
  const closing = await openTab()
  await Promise.all([staying.ready(), closing.ready()])
  await staying.page.evaluate(() => void globalThis.app.relay!.subscribe(['general']))
  await closing.page.evaluate(() => void globalThis.app.relay!.subscribe(['#general', 'random', '@self']))
  await expect.poll(() => relay.sockets('alice')[0]?.channels).toEqual(['general', 'random'])
  await closing.page.close()
  await expect.poll(() => relay.sockets('alice')[0]?.channels).toEqual(['general'])
  await expect.poll(async () => (await staying.status()).tabs).toBe(1)
})

test('subscriptions are counted over tabs and within a tab, and repeated after a reconnect', async ({
  relay,
  openTab,
}) => {
  const [one, two] = await Promise.all([openTab(), openTab()])
  await Promise.all([one.ready(), two.ready()])
  const asked = () =>
    relay.received('alice').flatMap(({ frame }) => (/subscribe/.test(frame.type) ? [frame] : []))
  await one.page.evaluate(() => {
    const first = globalThis.app.relay!.subscribe(['general'])
    const second = globalThis.app.relay!.subscribe(['general'])
    Object.assign(globalThis, { first, second })
  })
  await two.page.evaluate(() =>
    Object.assign(globalThis, { third: globalThis.app.relay!.subscribe(['general']) }),
  )
  await expect.poll(asked).toEqual([{ type: 'subscribe', channels: ['general'] }])
  await one.page.evaluate(() => Reflect.get(globalThis, 'first')())
  await one.page.evaluate(() => Reflect.get(globalThis, 'first')())
  await two.page.evaluate(() => Reflect.get(globalThis, 'third')())
  relay.cut('alice')
  await expect.poll(asked).toHaveLength(2)
  await one.page.evaluate(() => Reflect.get(globalThis, 'second')())
  await expect.poll(asked).toEqual([
    { type: 'subscribe', channels: ['general'] },
    { type: 'subscribe', channels: ['general'] },
    { type: 'unsubscribe', channels: ['general'] },
  ])
})

test('close ends this tab’s part only', async ({ relay, openTab }) => {
  const [staying, closing] = await Promise.all([openTab(), openTab()])
  await Promise.all([staying.ready(), closing.ready()])
  await closing.page.evaluate(() => globalThis.app.relay!.close())
  expect((await closing.status()).state).toBe('closed')
  await expect.poll(async () => (await staying.status()).tabs).toBe(1)
  postAll(relay, texts('after', 1, 3))
  await expect(staying).toHaveReceivedExactlyOnce(texts('after', 1, 3))
  expect(await closing.texts()).toEqual([])
})

for (const lifetime of ['short', 'extended'] as const) {
  test(`the end of the last tab closes the socket, with a worker of ${lifetime} lifetime`, async ({
    relay,
    openTab,
  }) => {
    const tab = await openTab({ lifetime, lingerMs: 200 })
    await tab.ready()
    await expect(relay).toHaveOneSocket('alice')
    await tab.page.close()
    await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  })
}

test('connecting again in the same tab goes on where close left it', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('first', 1, 2))
  await expect(tab).toHaveReceivedExactlyOnce(texts('first', 1, 2))
  await tab.page.evaluate(() => globalThis.app.relay!.close())
  postAll(relay, texts('between', 1, 2))
  await tab.page.evaluate(() => {
    const options = JSON.parse(new URLSearchParams(location.search).get('options')!)
    globalThis.app.relay = globalThis.app.open(options)
  })
  await tab.ready()
  await expect(tab).toHaveReceivedExactlyOnce([...texts('first', 1, 2), ...texts('between', 1, 2)])
})

test('a handler that closes and connects again loses nothing of the batch that it is in', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => {
    const options = JSON.parse(new URLSearchParams(location.search).get('options')!)
    const off = globalThis.app.relay!.on.any((event) => {
      if (!('message' in event) || Reflect.get(event.message as object, 'text') !== 'message 10') return
      off()
      globalThis.app.relay!.close()
      globalThis.app.relay = globalThis.app.open(options)
    })
  })
  postAll(relay, texts('message', 1, 30))
  await expect(tab).toHaveReceivedExactlyOnce(texts('message', 1, 30))
})
