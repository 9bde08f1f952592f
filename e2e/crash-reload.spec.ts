import type { Browser } from '@playwright/test'
import { expect, postAll, test, texts } from './fixtures.js'

test.skip(
  ({ browserName }) => browserName !== 'chromium',
  'only Chromium’s protocol can crash and revive a page',
)

/** A way to a page that has crashed: Playwright’s own objects have given it up for good. */
const reach = async (browser: Browser, address: string) => {
  const session = await browser.newBrowserCDPSession()
  const { targetInfos } = await session.send('Target.getTargets')
  const target = targetInfos.find(({ type, url }) => type === 'page' && url === address)
  if (!target) throw new Error(`expected a page at ${address}, found none`)
  const { sessionId } = await session.send('Target.attachToTarget', {
    targetId: target.targetId,
    flatten: false,
  })
  let calls = 0
  const send = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      const id = ++calls
      session.on('Target.receivedMessageFromTarget', ({ message }) => {
        const answer = JSON.parse(message)
        if (answer.id === id) resolve(answer.result?.result?.value)
      })
      void session.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id, method, params }),
      })
    })
  return {
    send,
    evaluate: (expression: string) => send('Runtime.evaluate', { expression, returnByValue: true }),
  }
}

test('a tab that crashes and is reloaded goes on where it was', async ({ relay, openTab, browser }) => {
  const other = await openTab()
  const tab = await openTab({ lingerMs: 30_001 })
  await Promise.all([other.ready(), tab.ready()])
  postAll(relay, texts('before', 1, 20))
  await tab.expectTexts(texts('before', 1, 20))
  const page = await reach(browser, tab.page.url())
  const crashed = tab.page.waitForEvent('crash')
  void page.send('Page.crash')
  await crashed
  postAll(relay, texts('missed', 1, 20))
  await expect.poll(async () => (await other.status()).tabs).toBe(1)
  void page.send('Page.reload')
  await expect.poll(async () => (await other.status()).tabs).toBe(2)
  await expect
    .poll(() => page.evaluate('app.records().flatMap(({ text }) => text ?? [])'))
    .toEqual([...texts('before', 1, 20), ...texts('missed', 1, 20)])
})
