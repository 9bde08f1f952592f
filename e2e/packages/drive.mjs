/**
 * Opens an app in two tabs, and sees that they share one socket and get every message once, over a reload and over a
 * deployment too.
 */
import { expect } from '@playwright/test'

/** @param {import('playwright').BrowserContext} context @param {string} url */
const openTab = async (context, url) => {
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(error))
  await page.goto(url)
  return page
}

/**
 * @param {import('playwright').Page} page
 * @param {string[]} texts All that it shows: what came twice would be among them.
 */
const shows = (page, ...texts) =>
  expect(page.locator('p')).toHaveText(texts.map((text) => `general: ${text}`))

/** @param {import('playwright').Page} page */
const isReady = (page) => page.locator('body.ready').waitFor({ state: 'attached' })

/** @param {import('playwright').BrowserContext} context @returns {Promise<string[]>} Where the workers' scripts are. */
const workerUrls = async (context) => {
  const browser = context.browser()
  if (!browser) throw new Error('expected the context of a browser that was launched')
  const devtools = await browser.newBrowserCDPSession()
  const { targetInfos } = await devtools.send('Target.getTargets')
  await devtools.detach()
  return targetInfos.filter(({ type }) => type === 'shared_worker').map(({ url }) => url)
}

/**
 * @typedef {object} Driven
 * @property {import('playwright').BrowserContext} context
 * @property {string} url The site's.
 * @property {import('tabmux/testing').ReferenceRelay} relay
 * @property {() => unknown} [deploy] Puts the next build of the app in the place of this one.
 */

/** @param {Driven} driven */
export const drive = async ({ context, url: site, relay, deploy }) => {
  const url = `${site}?relay=${encodeURIComponent(relay.url)}`
  /** @param {string} text */
  const post = (text) => relay.post({ from: 'bob', channel: 'general', text })

  const one = await openTab(context, url)
  await isReady(one)
  const two = await openTab(context, url)
  await isReady(two)
  post('first')
  post('second')
  await shows(one, 'first', 'second')
  await shows(two, 'first', 'second')
  expect(relay.sockets('alice')).toHaveLength(1)

  await one.goto('about:blank')
  post('third, while one was away')
  await shows(two, 'first', 'second', 'third, while one was away')
  await one.goto(url)
  await isReady(one)
  await shows(one, 'third, while one was away')
  await one.reload()
  await isReady(one)
  post('fourth')
  await shows(one, 'fourth')
  await shows(two, 'first', 'second', 'third, while one was away', 'fourth')
  expect(relay.sockets('alice')).toHaveLength(1)
  if (!deploy) return

  const [before] = await workerUrls(context)
  await deploy()
  await one.reload()
  await isReady(one)
  post('fifth')
  await shows(one, 'fifth')
  await shows(two, 'first', 'second', 'third, while one was away', 'fourth', 'fifth')
  expect(relay.sockets('alice')).toHaveLength(1)
  // The new build's worker has taken over. One of the same URL would not have been started.
  expect((await workerUrls(context)).filter((address) => address !== before)).toHaveLength(1)
}
