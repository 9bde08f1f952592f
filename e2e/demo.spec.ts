import { test as base } from '@playwright/test'
import { start } from '../demo/server.mjs'
import { expect } from './fixtures.js'

interface Demo {
  readonly url: string
  /** What browsers have reported about its Content Security Policy. */
  readonly reports: string[]
}

const test = base.extend<{ readonly demo: Demo }>({
  // Playwright wants the first argument to be destructured, also where nothing is needed of it.
  // oxlint-disable-next-line no-empty-pattern
  demo: async ({}, use) => {
    const reports: string[] = []
    const { url, close } = await start({ port: 0, violated: (report) => reports.push(report) })
    await use({ url, reports })
    await close()
  },
})

test('the demo keeps its strict policy, in the page and in the worker', async ({ demo, page }) => {
  await page.goto(demo.url)
  await expect(page.locator('#state')).toHaveAttribute('data-state', 'connected')
  await expect(page.locator('#feed')).toContainText(/\w/)
  await page.reload()
  await expect(page.locator('#state')).toHaveAttribute('data-state', 'connected')
  // What breaks the policy on purpose is reported, and nothing else is.
  await page.addScriptTag({ content: '0' }).catch(() => undefined)
  await expect.poll(() => demo.reports).toHaveLength(1)
  expect(demo.reports[0]).toContain('inline')
})
