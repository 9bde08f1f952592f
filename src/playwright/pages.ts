/** What a test does to a tab, in Chromium. */
import { WaitError } from './errors.js'
import type { Tab } from './tab.js'
import type { Targets } from './targets.js'
import { until, within } from './until.js'

/**
 * Stops the page's tasks: what comes for it waits, as in a tab that the browser has frozen. What is returned lets it go
 * on. By the debugger, because a page of Playwright's counts as visible at all times, and one that is visible is not
 * frozen by `Page.setWebLifecycleState`.
 */
export const freezeTab = async ({ page }: Tab): Promise<() => Promise<void>> => {
  const session = await page.context().newCDPSession(page)
  const paused = new Promise<void>((resolve) => session.once('Debugger.paused', () => resolve()))
  await session.send('Debugger.enable')
  await session.send('Debugger.pause')
  // It pauses at the next statement, whichever that is; this one is not answered before it goes on.
  session.send('Runtime.evaluate', { expression: '0' }).catch(() => undefined)
  await paused
  // To go away lets it go on. A tab that was closed has gone already.
  return () => session.detach().catch(() => undefined)
}

/** How long a page may take to load after a crash, in milliseconds. */
const RELOAD_MS = 30_000
/** How long a page that is there may take to answer, in milliseconds. */
const ANSWER_MS = 500
const IS_LOADED = "document.readyState === 'complete' && location.href !== 'about:blank'"

/** The answer of `Runtime.evaluate`. */
interface Evaluated {
  readonly result?: { readonly value?: unknown }
  readonly exceptionDetails?: { readonly text: string }
}

/**
 * Crashes the page's process, and with it every page and worker in it. What is returned reloads the tab, as its user
 * does. Playwright has given the page up by then, so the tab is reached in another way.
 */
export const crashTab = async (targets: Targets, tab: Tab): Promise<() => Promise<void>> => {
  const { page } = tab
  const own = await page.context().newCDPSession(page)
  const { targetInfo } = await own.send('Target.getTargetInfo')
  const session = await targets.attach(targetInfo.targetId)
  // What is known of it from now on is what it has told by now.
  await tab.look()
  const crashed = page.waitForEvent('crash', { timeout: 0 })
  // A page that crashes answers nothing.
  session.send('Page.crash').catch(() => undefined)
  await crashed
  let isBack = false
  tab.reachBy(async (expression) => {
    if (!isBack) throw new Error(`${tab.name} has crashed`)
    const answer = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    const { result, exceptionDetails } = answer as Evaluated // as the protocol says
    if (exceptionDetails) throw new Error(exceptionDetails.text)
    return result?.value
  })
  return async () => {
    // Nothing that is sent before the page has a process again is sure to be answered.
    session.send('Page.reload').catch(() => undefined)
    isBack = true
    const loaded = await until(RELOAD_MS, async () => {
      const answer = session.send('Runtime.evaluate', { expression: IS_LOADED })
      const evaluated = (await within(answer, ANSWER_MS)) as Evaluated | null // as above
      return { done: evaluated?.result?.value === true, value: null }
    })
    if (!loaded?.done)
      throw new WaitError(`${tab.name}: expected it to load within ${RELOAD_MS} ms after a crash`)
  }
}
