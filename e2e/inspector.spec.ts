/** The demo's inspector, as a person sees it. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { test } from './demo-server.js'
import { expect } from './fixtures.js'

/** The demo with its inspector open. */
const openInspector = async (page: Page, url: string) => {
  await page.goto(url)
  await expect(page.locator('#state')).toHaveAttribute('data-state', 'connected')
  await page.getByRole('button', { name: 'Inspector' }).click()
  const inspector = page.locator('tabmux-inspector')
  const list = (name: string) => inspector.getByRole('list', { name })
  const tabs = inspector.getByRole('table', { name: 'Tabs' }).locator('tbody tr')
  await expect(tabs.filter({ hasText: 'this one' })).toHaveCount(1)
  return { inspector, list, tabs }
}

const press = (page: Page, fault: string) =>
  page.locator('#faults').getByRole('button', { name: fault }).click()

test('it shows the tabs, a dropped frame, the end of a socket and the resync after it', async ({
  demo,
  page,
  context,
}) => {
  const { inspector, list, tabs } = await openInspector(page, demo.url)
  await expect(inspector.getByRole('status')).toHaveText('Connected')
  await expect(list('Dropped frames')).toHaveText('None was dropped.')
  const other = await context.newPage()
  await other.goto(demo.url)
  await expect(tabs).toHaveCount(2)
  await other.close()
  await expect(tabs).toHaveCount(1)

  await press(page, 'Bad frame')
  await expect(list('Dropped frames')).toContainText('"message.created" does not fit its schema')
  // There is a cursor to resume from once anything has come.
  await expect(inspector).not.toContainText('None yet')
  await press(page, 'Cut network')
  await expect(list('Socket')).toContainText('Closed, code 1006')
  await expect(list('Resyncs')).toContainText('replayed')
  await expect(list('Socket').getByRole('listitem').first()).toContainText('Opened')
  expect(demo.reports).toEqual([])
})

/** A file that was saved. */
interface Saved {
  readonly name: string
  readonly text: string
}

/** Presses what downloads. Playwright hears of no download in a stock Firefox: there the page's own part is looked at. */
const savedBy = async (page: Page, browserName: string, act: () => Promise<void>): Promise<Saved> => {
  if (browserName === 'chromium') {
    const downloading = page.waitForEvent('download')
    await act()
    const download = await downloading
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
  }
  await page.evaluate(() => {
    const make = URL.createObjectURL
    const saved = new Promise<Saved>((resolve) => {
      URL.createObjectURL = (blob: Blob) => {
        HTMLAnchorElement.prototype.click = function click() {
          void blob.text().then((text) => resolve({ name: this.download, text }))
        }
        return make(blob)
      }
    })
    Object.assign(globalThis, { saved })
  })
  await act()
  // The lines above have put it there.
  return page.evaluate(() => (globalThis as unknown as { saved: Promise<Saved> }).saved)
}

test('its report is a file, without a token, a channel or what a message says', async ({
  demo,
  page,
  browserName,
}) => {
  const { inspector, list } = await openInspector(page, demo.url)
  await press(page, 'Flood 1,000')
  await press(page, 'Bad frame')
  await expect(list('Dropped frames')).toContainText('does not fit')
  const { name, text } = await savedBy(page, browserName, () =>
    inspector.getByRole('button', { name: 'Download report' }).click(),
  )
  expect(name).toMatch(/^tabmux-report-[\dT-]+\.json$/)
  const { page: about, hub } = JSON.parse(text)
  expect(about.problem).toBeNull()
  expect(hub.tabs).toMatchObject([{ isThis: true }])
  expect(hub.dropped).toHaveLength(1)
  expect(hub.status.channels).toBe(4)
  for (const secret of ['at_demo_lead', 'general', 'Log line', 'lead']) expect(text).not.toContain(secret)
  expect(demo.reports).toEqual([])
})

test.describe('a tab that stands still', () => {
  test.skip(({ browserName }) => browserName !== 'chromium', 'only Chromium can be told to stop a tab')

  test('falls behind, does not answer, and catches up', async ({ demo, page, context }) => {
    const { tabs } = await openInspector(page, demo.url)
    const other = await context.newPage()
    await other.goto(demo.url)
    await expect(tabs).toHaveCount(2)
    await expect(tabs.last()).toContainText('Up to date')
    // `Page.setWebLifecycleState` freezes no page that is visible, and in a headless browser every page is. To the hub
    // it is the same if a debugger stops it.
    const session = await context.newCDPSession(other)
    await session.send('Debugger.enable')
    await session.send('Debugger.pause')
    await press(page, 'Flood 1,000')
    await expect(tabs.last()).toContainText(/No answer for \d+ s/)
    await expect
      .poll(async () => Number((await tabs.last().locator('td').nth(1).innerText()).replace(',', '')))
      .toBeGreaterThanOrEqual(900)
    await expect(tabs.first()).toContainText('Up to date')
    await session.send('Debugger.disable')
    await expect(tabs.last()).toContainText('Up to date')
  })
})

test.describe('with Trusted Types', () => {
  test.skip(({ browserName }) => browserName !== 'chromium', 'the policy is given by Chromium’s interception')

  test('it works and has its style', async ({ demo, page }) => {
    await page.route(demo.url + '/', async (route) => {
      const response = await route.fetch()
      const policy = `${response.headers()['content-security-policy']}; require-trusted-types-for 'script'; trusted-types default`
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } })
    })
    // Without it there is no SharedWorker: README, "Content Security Policy".
    await page.addInitScript(() => {
      // TypeScript does not know it yet.
      const { trustedTypes } = globalThis as unknown as {
        trustedTypes: { createPolicy(name: string, rules: object): void }
      }
      trustedTypes.createPolicy('default', { createScriptURL: (url: string) => url })
    })
    const { inspector } = await openInspector(page, demo.url)
    await expect(inspector.locator('.inspector')).toHaveCSS('padding-left', '16px')
    await expect(inspector.locator('rect')).toHaveCount(60)
    expect(demo.reports).toEqual([])
    // What breaks it on purpose is reported.
    await page.evaluate(() => (document.createElement('p').innerHTML = '<b>')).catch(() => undefined)
    await expect.poll(() => demo.reports).toHaveLength(1)
  })
})
