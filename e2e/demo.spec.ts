import { test } from './demo-server.js'
import { expect } from './fixtures.js'

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
