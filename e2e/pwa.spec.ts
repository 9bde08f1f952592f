// The demo as an app that is installed, opens without a network, and goes over to a new version.
import { readdirSync } from 'node:fs'
import { expect, postAll, keepPosting, texts } from './fixtures.js'
import { Dashboard, openDashboard, scriptOfHub, test } from './pwa/demo.js'

const isChromium = (browserName: string) => browserName === 'chromium'

/** The script of the relay's worker in a version of the demo. */
const workerScript = (version: string): string | undefined =>
  readdirSync(new URL(`pwa/dist/${version}/assets`, import.meta.url)).find((name) =>
    name.startsWith('relay.worker'),
  )

test('it can be installed, says Chromium', async ({ demo, page, context, browserName }) => {
  test.skip(!isChromium(browserName), 'only Chromium can be asked')
  await page.goto(demo.url)
  const session = await context.newCDPSession(page)
  const { data, errors } = await session.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(JSON.parse(data ?? '{}')).toMatchObject({ name: 'tabmux demo', display: 'standalone' })
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // A test's context is incognito, where nothing can be installed. It is told beside all else.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito'])
})

test('its icons are there, in the sizes that the manifest says, and one can be cut to any shape', async ({
  demo,
  page,
}) => {
  await page.goto(demo.url)
  const icons = await page.evaluate(async () => {
    const { href } = document.querySelector<HTMLLinkElement>('link[rel=manifest]')!
    const manifest: { icons: { src: string; sizes: string; type: string; purpose: string }[] } = await (
      await fetch(href)
    ).json()
    return Promise.all(
      manifest.icons.map(async ({ src, sizes, type, purpose }) => {
        const image = new Image()
        image.src = src
        await image.decode()
        const { headers } = await fetch(src)
        const size = sizes === 'any' ? 'any' : `${image.naturalWidth}x${image.naturalHeight}`
        return { said: [sizes, type], found: [size, headers.get('content-type')], purpose }
      }),
    )
  })
  for (const { said, found } of icons) expect(found).toEqual(said)
  const sizesFor = (purpose: string) =>
    icons.filter((icon) => icon.purpose === purpose).map(({ said: [size] }) => size)
  expect(sizesFor('any')).toEqual(['192x192', '512x512', 'any'])
  expect(sizesFor('maskable')).toEqual(['192x192', '512x512'])
})

test('a reload without a network shows what came, how old it is, and that it is offline', async ({
  demo,
  context,
  browserName,
}) => {
  await context.clock.install()
  const tab = await openDashboard(context, demo)
  postAll(demo.relay, texts('before', 1, 5), 'general')
  await expect.poll(() => tab.texts('before')).toEqual(texts('before', 1, 5))
  demo.unplug()
  await tab.expectState('Offline')
  // Nothing but the service worker may give the files, that of the relay's worker included.
  if (isChromium(browserName)) {
    const session = await context.newCDPSession(tab.page)
    await session.send('Network.clearBrowserCache')
  }
  await tab.press('Kill worker')
  await tab.page.reload()
  await tab.expectState('Offline')
  await expect.poll(() => tab.texts('before')).toEqual(texts('before', 1, 5))
  const age = tab.page.locator('.message', { hasText: 'before 1' }).locator('.age')
  await expect(age).toBeVisible()
  await expect(age).toHaveText('just now')
  await context.clock.fastForward('03:00')
  await expect(age).toHaveText('3 min ago')
  await expect(tab.page.locator('#offline-strip')).toContainText('Newest: 3 min ago.')
  await tab.expectNoFault()
})

test('a dashboard that comes back online gets what was sent meanwhile, once and in order', async ({
  demo,
  context,
}) => {
  const tab = await openDashboard(context, demo)
  postAll(demo.relay, texts('event', 1, 5))
  await expect.poll(() => tab.texts('event')).toEqual(texts('event', 1, 5))
  demo.unplug()
  await tab.expectState('Offline')
  postAll(demo.relay, texts('event', 6, 20))
  await tab.page.reload()
  await tab.expectState('Offline')
  await expect.poll(() => tab.texts('event')).toEqual(texts('event', 1, 5))
  await demo.plug()
  await tab.page.getByRole('button', { name: 'Try now' }).click()
  await tab.expectState('Connected')
  postAll(demo.relay, texts('event', 21, 22))
  await expect.poll(() => tab.texts('event')).toEqual(texts('event', 1, 22))
  await expect(tab.page.locator('#timeline')).toContainText(/Resynced: [1-9]\d* replayed(?!;)/)
  await expect(tab.page.locator('#offline-strip')).toBeHidden()
  await expect(tab.page.locator('.age').first()).toBeHidden()
  await tab.expectNoFault()
})

test('a new version is offered in all tabs, and taken over in all of them, without losing or repeating anything', async ({
  demo,
  context,
}) => {
  const tabs = [await openDashboard(context, demo), await openDashboard(context, demo)]
  const [first, second] = tabs as [Dashboard, Dashboard]
  expect(await scriptOfHub(first.page, demo.agent)).toBe(workerScript('one'))

  demo.deploy('two')
  await first.press('Reconnect')
  for (const { page } of tabs) await expect(page.locator('#update-strip')).toBeVisible()
  for (const tab of tabs) expect(await tab.version()).toBe('one')
  await second.page.getByRole('button', { name: 'Later' }).click()
  await expect(second.page.locator('#update-strip')).toBeHidden()

  // Only now: Chromium looks for a new version when it has nothing better to do, and a stream on a busy machine is better.
  const posting = keepPosting(demo.relay, 'stream')
  await posting.reached(20)
  const loads = tabs.map((tab) => tab.loads)
  await first.page.locator('#update-strip').getByRole('button', { name: 'Reload' }).click()
  for (const tab of tabs) await expect.poll(() => tab.version()).toBe('two')
  await expect.poll(() => scriptOfHub(first.page, demo.agent)).toBe(workerScript('two'))
  await posting.reached(posting.count() + 40)
  const all = posting.stop()
  for (const tab of tabs) {
    // The page holds the newest 300 rows.
    await expect.poll(async () => (await tab.texts('stream')).at(-1)).toBe(all.at(-1))
    const shown = await tab.texts('stream')
    expect(shown).toEqual(all.slice(-shown.length))
    await tab.expectNoFault()
  }
  expect(tabs.map((tab) => tab.loads)).toEqual(loads.map((before) => before + 1))
  const opened = demo.relay.socketChanges(demo.agent).filter(({ change }) => change === 'opened')
  expect(opened.map(({ others }) => others)).toEqual(opened.map(() => 0))
  for (const { page } of tabs) await expect(page.locator('#update-strip')).toBeHidden()
})

test('a tab that is outdated loads the new version, and not once more the one that is kept', async ({
  demo,
  context,
  browserName,
}) => {
  test.skip(!isChromium(browserName), 'only Chromium can load a page past the service worker on demand')
  const old = await openDashboard(context, demo)
  demo.deploy('next-bridge')
  // As with Shift and reload.
  const newer = new Dashboard(await context.newPage())
  const session = await context.newCDPSession(newer.page)
  await session.send('Network.enable')
  await session.send('Network.setBypassServiceWorker', { bypass: true })
  await newer.page.goto(demo.url)
  await newer.expectState('Connected')
  await expect(old.page.locator('#banner')).toContainText('A newer version is there.')
  await old.page.locator('#banner').getByRole('button', { name: 'Reload' }).click()
  await expect.poll(() => old.version()).toBe('next-bridge')
  await old.expectState('Connected')
  await old.expectNoFault()
})
