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
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 3))
  await tab.page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }))
  })
  await tab.page.goto(`${appUrl}?elsewhere`)
  await expect.poll(async () => (await staying.status()).tabs).toBe(1)
  postAll(relay, texts('missed', 1, 5))
  await expect(staying).toHaveReceivedExactlyOnce([...texts('before', 1, 3), ...texts('missed', 1, 5)])
  await goBack(tab.page)
  expect(await tab.page.evaluate(() => Reflect.get(globalThis, 'persisted'))).toBe(true)
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 3), ...texts('missed', 1, 5)])
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
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 3))
  await tab.page.goto(`${appUrl}?elsewhere`)
  postAll(relay, texts('missed', 1, 5))
  await goBack(tab.page)
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 3), ...texts('missed', 1, 5)])
})

test('a duplicated tab starts like a new one, and the original goes on', async ({
  relay,
  openTab,
  context,
  tabOf,
}) => {
  const original = await openTab()
  await original.ready()
  postAll(relay, texts('before', 1, 3))
  await expect(original).toHaveReceivedExactlyOnce(texts('before', 1, 3))
  const opened = context.waitForEvent('page')
  await original.page.evaluate(() => void open(location.href))
  const copy = tabOf(await opened)
  await copy.ready()
  // What is in sessionStorage was copied, and so was the position.
  expect(await copy.page.evaluate(() => sessionStorage.length)).toBeGreaterThan(0)
  postAll(relay, texts('after', 1, 2))
  await expect(original).toHaveReceivedExactlyOnce([...texts('before', 1, 3), ...texts('after', 1, 2)])
  await expect(copy).toHaveReceivedExactlyOnce(texts('after', 1, 2))
})
