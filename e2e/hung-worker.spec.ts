import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, keepPosting, postAll, test as base, texts } from './fixtures.js'

/** Makes workers hang: they wait for a server, without using the processor. */
interface Hang {
  /** Makes all workers hang that there are, and returns once one does. */
  readonly start: (page: Page) => Promise<void>
  /** Lets them go on. */
  readonly end: () => void
}

const test = base.extend<{ hang: Hang }>({
  // oxlint-disable-next-line no-empty-pattern
  hang: async ({}, use) => {
    const waiting: ServerResponse[] = []
    const server = createServer((_, response) => void waiting.push(response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // it listens on TCP
    const end = (): void => {
      for (const response of waiting.splice(0)) {
        response.setHeader('access-control-allow-origin', '*')
        response.end()
      }
    }
    await use({
      start: async (page) => {
        await page.evaluate(
          (url) => new BroadcastChannel('hang').postMessage(url),
          `http://127.0.0.1:${port}/`,
        )
        await expect.poll(() => waiting.length).toBeGreaterThan(0)
      },
      end,
    })
    end()
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
  for (const tab of tabs) await tab.expectTexts(texts('before', 1, 40))
  await hang.start(tabs[0]!.page)
  postAll(relay, texts('missed', 1, 100))
  for (const tab of tabs) {
    await expect
      .poll(() => tab.status(), patient)
      .toMatchObject({ state: 'connected', instance: expect.not.stringContaining(before!.instance!) })
  }
  hang.end()
  postAll(relay, texts('after', 1, 40))
  await expect.poll(() => relay.sockets('alice'), patient).toHaveLength(1)
  postAll(relay, texts('at last', 1, 3))
  for (const tab of tabs) {
    const all = [
      texts('before', 1, 40),
      texts('missed', 1, 100),
      texts('after', 1, 40),
      texts('at last', 1, 3),
    ]
    await tab.expectTexts(all.flat())
    expect((await tab.ofType('error')).map(({ event }) => event)).toMatchObject([
      { code: 'worker_unresponsive', message: expect.stringContaining('another takes its place') },
    ])
  }
})

test('a page that starts while the worker hangs finds its successor', async ({ relay, openTab, hang }) => {
  const old = await openTab()
  await old.ready()
  await hang.start(old.page)
  const newer = await openTab()
  await newer.ready()
  const posting = keepPosting(relay)
  await posting.reached(20)
  const all = posting.stop()
  for (const tab of [old, newer]) {
    await expect.poll(async () => (await tab.texts()).length, patient).toBe(all.length)
    expect(await tab.texts()).toEqual(all)
    await expect.poll(async () => (await tab.status()).tabs, patient).toBe(2)
  }
})

test('the only tab is reloaded while its worker hangs', async ({ relay, openTab, hang }) => {
  const tab = await openTab({ lifetime: 'extended' })
  await tab.ready()
  postAll(relay, texts('before', 1, 20))
  await tab.expectTexts(texts('before', 1, 20))
  await hang.start(tab.page)
  postAll(relay, texts('missed', 1, 40))
  await tab.page.reload()
  postAll(relay, texts('after', 1, 40))
  const all = [...texts('before', 1, 20), ...texts('missed', 1, 40), ...texts('after', 1, 40)]
  await expect.poll(async () => (await tab.texts()).length, patient).toBeGreaterThanOrEqual(all.length)
  expect(await tab.texts()).toEqual(all)
})
