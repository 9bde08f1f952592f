/** A page made with `tabmux/react`, in StrictMode. */
import type { BrowserContext, Page } from '@playwright/test'
import type { ReferenceRelay } from 'tabmux/testing'
import { expect, keepPosting, postAll, test, texts } from './fixtures.js'

const openPage = async (context: BrowserContext, siteUrl: string, relay: ReferenceRelay): Promise<Page> => {
  const address = new URL('../react/', `${siteUrl}/`)
  const options = { baseUrl: relay.url, token: 'at_live_alice', agent: 'alice', reconnectBaseDelayMs: 50 }
  address.searchParams.set('options', JSON.stringify(options))
  const page = await context.newPage()
  await page.goto(address.href)
  return page
}

const shown = (page: Page): Promise<string[]> => page.locator('li').allTextContents()

/** What the handler of the tab was called with, over all its reloads. */
const recorded = async (page: Page, key: 'handled' | 'gaps'): Promise<string[]> =>
  JSON.parse(await page.evaluate((name) => sessionStorage.getItem(name) ?? '[]', key))

const expectConnected = (page: Page): Promise<void> => expect(page.locator('output')).toHaveText('connected')

test('two tabs, one of which reloads under a stream: each has everything once, shown and handled', async ({
  context,
  siteUrl,
  relay,
}) => {
  const [staying, reloading] = [
    await openPage(context, siteUrl, relay),
    await openPage(context, siteUrl, relay),
  ]
  await Promise.all([staying, reloading].map(expectConnected))
  const posting = keepPosting(relay)
  for (let round = 1; round <= 3; round++) {
    await posting.reached(round * 30)
    await reloading.reload()
  }
  await expectConnected(reloading)
  const all = posting.stop()
  for (const page of [staying, reloading]) {
    await expect.poll(async () => (await recorded(page, 'handled')).length).toBeGreaterThanOrEqual(all.length)
    expect(await recorded(page, 'handled')).toEqual(all)
    await expect.poll(() => shown(page)).toEqual(all.slice(-200))
    expect(await recorded(page, 'gaps')).toEqual([])
    // StrictMode was on: React ran the effects of each page twice.
    await expect(page.locator('body')).toHaveAttribute('data-effects', '2')
  }
  expect(relay.sockets('alice')).toHaveLength(1)
})

test('a page that is reloaded while the relay cannot be reached shows what the journal holds', async ({
  context,
  siteUrl,
  relay,
}) => {
  const page = await openPage(context, siteUrl, relay)
  await expectConnected(page)
  const all = texts('message', 1, 30)
  postAll(relay, all)
  await expect.poll(() => shown(page)).toEqual(all)
  relay.refuse(true)
  relay.cut('alice')
  await page.reload()
  await expect.poll(() => shown(page)).toEqual(all)
  await expect(page.locator('output')).not.toHaveText('connected')
  postAll(relay, ['missed'])
  relay.refuse(false)
  await expect.poll(() => shown(page)).toEqual([...all, 'missed'])
  expect(await recorded(page, 'handled')).toEqual([...all, 'missed'])
})
