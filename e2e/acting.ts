/** What specs of consumer groups have: who has handled what, and who is to be seen. */
import type { Page } from '@playwright/test'
import type { Acted } from './app/app.js'
import { expect, type Tab } from './fixtures.js'

/** What the handlers of groups were told, in all tabs. */
export const actedIn = (tab: Tab): Promise<Acted[]> => tab.page.evaluate(() => globalThis.app.acted())

/** Waits until the group has handled exactly these, in this order, whichever tab has. */
export const expectActed = async (by: Tab, wanted: readonly string[]): Promise<void> => {
  await expect.poll(async () => (await actedIn(by)).length).toBeGreaterThanOrEqual(wanted.length)
  expect((await actedIn(by)).map(({ text }) => text)).toEqual(wanted)
}

/**
 * The same where the tab that acted has ended: the one event that it was at, whose answer may have been on its way, may
 * have come again, and no other.
 */
export const expectActedOnce = async (by: Tab, wanted: readonly string[]): Promise<void> => {
  await expect.poll(async () => (await actedIn(by)).at(-1)?.text).toBe(wanted.at(-1))
  const got = (await actedIn(by)).map(({ text }) => text)
  expect([...new Set(got)]).toEqual(wanted)
  expect(got.length - wanted.length).toBeLessThanOrEqual(1)
}

/** Names a tab, as in what it has handled. */
export const nameOf = (tab: Tab): Promise<string> => tab.page.evaluate(() => globalThis.app.tab)

/** Which of the tabs have handled these texts. */
export const actors = async (by: Tab, prefix: string): Promise<Set<string>> =>
  new Set((await actedIn(by)).flatMap(({ tab, text }) => (text.startsWith(prefix) ? tab : [])))

/** The browsers of tests show every page, or none: here is what a page that is hidden, or shown, finds out. */
export const setVisible = (page: Page, isVisible: boolean): Promise<void> =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    },
    isVisible ? 'visible' : 'hidden',
  )

/** Three tabs, of which the last one is to be seen. */
export const threeTabs = async (openTab: () => Promise<Tab>): Promise<[Tab, Tab, Tab]> => {
  const tabs: [Tab, Tab, Tab] = [await openTab(), await openTab(), await openTab()]
  await Promise.all(tabs.map((tab) => tab.ready()))
  for (const [index, { page }] of tabs.entries()) await setVisible(page, index === 2)
  return tabs
}
