import { expect, postAll, test, texts } from './fixtures.js'

// WebKit can put a new worker behind a tab's port without a word. Here the page does it: what it says to its port goes
// to one real worker, and then to another.

test('a worker that is replaced behind its port is noticed, and nothing is lost or repeated', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => globalThis.app.relay!.close())
  await tab.page.evaluate((baseUrl) => {
    const { app } = globalThis
    let make = app.workers.short
    const worker = () => {
      const { port1, port2 } = new MessageChannel()
      const connectTo = (port: MessagePort) => {
        port.onmessage = ({ data }) => port2.postMessage(data)
        port2.onmessage = ({ data }) => port.postMessage(data)
      }
      connectTo(make().port)
      Reflect.set(globalThis, 'replaceWorker', () => {
        make = app.workers.extended
        connectTo(make().port)
      })
      // Of a SharedWorker, no more is used.
      return { port: port1, addEventListener: () => undefined } as unknown as SharedWorker
    }
    const got: string[] = []
    Reflect.set(globalThis, 'got', got)
    app.relay = app.connect({ baseUrl, token: 'at_live_alice', worker })
    app.relay.on.messageCreated(({ message }) => got.push(message.text))
    app.relay.on.resynced(({ gapDetected }) => gapDetected && got.push('gap'))
  }, relay.url)
  await tab.ready()
  const before = (await tab.status()).instance
  postAll(relay, texts('before', 1, 5))
  await expect.poll(() => tab.page.evaluate(() => Reflect.get(globalThis, 'got'))).toHaveLength(5)
  await tab.page.evaluate(() => Reflect.get(globalThis, 'replaceWorker')())
  postAll(relay, texts('missed', 1, 5))
  await expect.poll(async () => (await tab.status()).instance).not.toBe(before)
  await tab.ready()
  postAll(relay, texts('after', 1, 5))
  await expect
    .poll(() => tab.page.evaluate(() => Reflect.get(globalThis, 'got')))
    .toEqual([...texts('before', 1, 5), ...texts('missed', 1, 5), ...texts('after', 1, 5)])
})
