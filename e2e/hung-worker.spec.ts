import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Tab, Undo } from 'tabmux/playwright'
import { expect, keepPosting, postAll, test as base, texts } from './fixtures.js'

/** Makes the workers of a tab hang, and returns once one does, with what lets them go on. */
type Hang = (tab: Tab) => Promise<Undo>

const test = base.extend<{ hang: Hang }>({
  hang: async ({ hangWorker, browserName }, use) => {
    if (browserName === 'chromium') return use(hangWorker)
    // Elsewhere they wait for a server, without using the processor: the app's own worker offers that.
    const waiting: ServerResponse[] = []
    const server = createServer((_, response) => void waiting.push(response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // it listens on TCP
    const end = async (): Promise<void> => {
      for (const response of waiting.splice(0)) {
        response.setHeader('access-control-allow-origin', '*')
        response.end()
      }
    }
    await use(async ({ page }) => {
      await page.evaluate((url) => new BroadcastChannel('hang').postMessage(url), `http://127.0.0.1:${port}/`)
      await expect.poll(() => waiting.length).toBeGreaterThan(0)
      return end
    })
    await end()
    server.closeAllConnections()
    server.close()
  },
})

test.describe.configure({ timeout: 120_000 })
// They hang while nothing is written: a worker that hangs in the middle of a transaction holds up the store too.

/** The worker is given the time that a slow machine may need before it counts as hanging. */
const patient = { timeout: 60_000 }

test('a worker that hangs gets a successor; when it goes on, it finds that it has nothing to say any more', async ({
  relay,
  openTab,
  hang,
}) => {
  const tabs = await Promise.all([openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  const [before] = await Promise.all(tabs.map((tab) => tab.status()))
  postAll(relay, texts('before', 1, 40))
  await expect(tabs).toHaveReceivedExactlyOnce(texts('before', 1, 40))
  const goOn = await hang(tabs[0]!)
  postAll(relay, texts('missed', 1, 100))
  for (const tab of tabs) {
    await expect
      .poll(() => tab.status(), patient)
      .toMatchObject({ state: 'connected', instance: expect.not.stringContaining(before!.instance!) })
  }
  await goOn()
  postAll(relay, texts('after', 1, 40))
  await expect(relay).toHaveOneSocket('alice', patient)
  postAll(relay, texts('at last', 1, 3))
  for (const tab of tabs) {
    const all = [
      texts('before', 1, 40),
      texts('missed', 1, 100),
      texts('after', 1, 40),
      texts('at last', 1, 3),
    ]
    await expect(tab).toHaveReceivedExactlyOnce(all.flat())
    expect((await tab.received('error')).map(({ event }) => event)).toMatchObject([
      { code: 'worker_unresponsive', message: expect.stringContaining('another takes its place') },
    ])
  }
})

test('a page that starts while the worker hangs finds its successor', async ({ relay, openTab, hang }) => {
  const old = await openTab()
  await old.ready()
  await hang(old)
  const newer = await openTab()
  await newer.ready()
  const posting = keepPosting(relay)
  await posting.reached(20)
  const all = posting.stop()
  for (const tab of [old, newer]) {
    await expect(tab).toHaveReceivedExactlyOnce(all, patient)
    await expect.poll(async () => (await tab.status()).tabs, patient).toBe(2)
  }
})

test('the only tab is reloaded while its worker hangs', async ({ relay, openTab, hang }) => {
  const tab = await openTab({ lifetime: 'extended' })
  await tab.ready()
  postAll(relay, texts('before', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 20))
  await hang(tab)
  postAll(relay, texts('missed', 1, 40))
  await tab.page.reload()
  postAll(relay, texts('after', 1, 40))
  const all = [...texts('before', 1, 20), ...texts('missed', 1, 40), ...texts('after', 1, 40)]
  await expect(tab).toHaveReceivedExactlyOnce(all, patient)
})
