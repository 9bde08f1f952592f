/** Opens an app in two tabs, and sees that they share one socket and get every message once, over a reload too. */
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
 * @param {readonly string[]} texts All that it shows.
 */
const shows = (page, texts) => expect(page.locator('p')).toHaveText(texts.map((text) => `general: ${text}`))

/** @param {import('playwright').Page} page */
const isReady = (page) => page.locator('body.ready').waitFor({ state: 'attached' })

/**
 * @param {import('playwright').BrowserContext} context
 * @param {string} siteUrl
 * @param {import('tabmux/testing').ReferenceRelay} relay
 */
export const drive = async (context, siteUrl, relay) => {
  const url = `${siteUrl}?relay=${encodeURIComponent(relay.url)}`
  /** @param {string} text */
  const post = (text) => relay.post({ from: 'bob', channel: 'general', text })

  const one = await openTab(context, url)
  await isReady(one)
  const two = await openTab(context, url)
  await isReady(two)
  // What came twice would stand before what was posted after it.
  post('first')
  post('second')
  await shows(one, ['first', 'second'])
  await shows(two, ['first', 'second'])
  expect(relay.sockets('alice')).toHaveLength(1)

  await one.goto('about:blank')
  post('while one was away')
  await shows(two, ['first', 'second', 'while one was away'])
  await one.goto(url)
  await isReady(one)
  await shows(one, ['while one was away'])
  await one.reload()
  await isReady(one)
  post('last')
  await shows(one, ['last'])
  await shows(two, ['first', 'second', 'while one was away', 'last'])
  expect(relay.sockets('alice')).toHaveLength(1)
}
