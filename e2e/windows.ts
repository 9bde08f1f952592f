/** Tabs past Playwright, for what it keeps a browser from. Chromium only. */
import type { Browser } from '@playwright/test'
import type { ReferenceRelay } from 'tabmux/testing'
import type { Acted } from './app/app.js'
import { Target } from './bench/devtools.mjs'
import { expect } from './fixtures.js'

/** A tab that Playwright does not know: those that it knows are shown as far as they are told, and cannot be frozen. */
interface Window {
  readonly send: (method: string, params?: object) => Promise<unknown>
  readonly evaluate: (expression: string) => Promise<unknown>
  readonly acted: () => Promise<Acted[]>
}

/** Opens windows with the page in it that share their storage, and waits until they are connected. */
export const openWindows = async (
  browser: Browser,
  count: number,
  siteUrl: string,
  relay: ReferenceRelay,
): Promise<Window[]> => {
  const session = await browser.newBrowserCDPSession()
  const { browserContextId } = await session.send('Target.createBrowserContext')
  const address = new URL(`${siteUrl}/`)
  const options = { baseUrl: relay.url, token: 'at_live_alice', agent: 'alice', group: 'sounds' }
  address.searchParams.set('options', JSON.stringify(options))
  const open = async (): Promise<Window> => {
    const { targetId } = await session.send('Target.createTarget', {
      url: address.href,
      browserContextId,
      newWindow: true,
    })
    const target = await Target.attach(session, targetId)
    const evaluate = async (expression: string): Promise<unknown> =>
      (await target.send('Runtime.evaluate', { expression, returnByValue: true })).result.value
    await expect.poll(() => evaluate('globalThis.app?.relay?.status.state')).toBe('connected')
    return {
      send: (method, params) => target.send(method, params),
      evaluate,
      acted: async () => JSON.parse(String(await evaluate('JSON.stringify(app.acted())'))),
    }
  }
  const windows: Window[] = []
  while (windows.length < count) windows.push(await open())
  return windows
}
