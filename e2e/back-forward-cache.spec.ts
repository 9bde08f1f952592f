import type { Page } from '@playwright/test'
import { expect, postAll, test, texts } from './fixtures.js'

test.skip(
  ({ browserName }) => browserName !== 'chromium',
  'only Chromium’s can be switched on under Playwright',
)
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
})

/** Playwright's own `goBack` waits for a load event, which a page from the cache does not have. */
const goBack = async (page: Page): Promise<void> => {
  await page.evaluate(() => history.back())
  await page.waitForFunction(() => globalThis.app?.relay)
}

test('a page that comes back from the back/forward cache gets what it missed', async ({
  relay,
  openTab,
  appUrl,
}) => {
  const staying = await openTab()
  const tab = await openTab()
  await Promise.all([staying.ready(), tab.ready()])
  postAll(relay, texts('before', 1, 3))
  await tab.expectTexts(texts('before', 1, 3))
  await tab.page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }))
  })
  await tab.page.goto(`${appUrl}/?elsewhere`)
  await expect.poll(async () => (await staying.status()).tabs).toBe(1)
  postAll(relay, texts('missed', 1, 5))
  await staying.expectTexts([...texts('before', 1, 3), ...texts('missed', 1, 5)])
  await goBack(tab.page)
  expect(await tab.page.evaluate(() => Reflect.get(globalThis, 'persisted'))).toBe(true)
  await tab.expectTexts([...texts('before', 1, 3), ...texts('missed', 1, 5)])
  await expect.poll(async () => (await staying.status()).tabs).toBe(2)
})

test('the only page comes back from the back/forward cache, where its worker was suspended', async ({
  relay,
  openTab,
  appUrl,
}) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('before', 1, 3))
  await tab.expectTexts(texts('before', 1, 3))
  await tab.page.goto(`${appUrl}/?elsewhere`)
  postAll(relay, texts('missed', 1, 5))
  await goBack(tab.page)
  await tab.expectTexts([...texts('before', 1, 3), ...texts('missed', 1, 5)])
})

test('a duplicated tab starts like a new one, and the original goes on', async ({
  relay,
  openTab,
  context,
}) => {
  const original = await openTab()
  await original.ready()
  postAll(relay, texts('before', 1, 3))
  await original.expectTexts(texts('before', 1, 3))
  const opened = context.waitForEvent('page')
  await original.page.evaluate(() => void open(location.href))
  const copy = await opened
  await copy.waitForFunction(() => globalThis.app?.relay?.status.state === 'connected')
  const copied = await copy.evaluate(() => globalThis.app.records().length)
  expect(copied).toBeGreaterThan(3) // the record is in sessionStorage, so it was copied like the position
  postAll(relay, texts('after', 1, 2))
  await original.expectTexts([...texts('before', 1, 3), ...texts('after', 1, 2)])
  await expect
    .poll(() => copy.evaluate(() => globalThis.app.records().flatMap(({ text }) => text ?? [])))
    .toEqual([...texts('before', 1, 3), ...texts('after', 1, 2)])
})
