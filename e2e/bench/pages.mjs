/** Pages of one browser context, in either browser. */
import { calm, Target } from './devtools.mjs'

/** @typedef {import('playwright').Browser} Browser */

/**
 * @typedef {object} Page
 * @property {<Arg, Result>(work: (arg: Arg) => Result, arg?: Arg) => Promise<Awaited<Result>>} evaluate Runs a function in the page.
 * @property {() => Promise<unknown>} reload
 * @property {Target | null} devtools
 */
/**
 * @typedef {object} Pages
 * @property {(url: string) => Promise<Page>} open
 * @property {<Result>(use: (worker: Target) => Promise<Result>) => Promise<Result | null>} withWorker Does something with the
 * SharedWorker of these pages; null if there is none, or the browser does not let it be reached.
 * @property {() => Promise<unknown>} close
 */

/**
 * Opens a page in the context's one window.
 * @param {import('playwright').CDPSession} session @param {string} targetId @param {string} url
 * @returns {Promise<Page>}
 */
const openInChromium = async (session, targetId, url) => {
  const target = await Target.attach(session, targetId)
  await target.send('Page.enable')
  // Visible and focused as far as the page can tell, whatever other pages there are.
  await target.send('Emulation.setFocusEmulationEnabled', { enabled: true })
  const load = async (/** @type {Promise<unknown>} */ navigating) => {
    const loaded = target.next('Page.loadEventFired')
    await navigating
    await loaded
  }
  await load(target.send('Page.navigate', { url }))
  return {
    devtools: target,
    reload: () => load(target.send('Page.reload')),
    evaluate: async (work, arg) => {
      const expression = `(${work})(${JSON.stringify(arg)})`
      const options = { awaitPromise: true, returnByValue: true }
      const { result, exceptionDetails } = await target.send('Runtime.evaluate', { expression, ...options })
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value
    },
  }
}

/** @param {Browser} browser @returns {Promise<Pages>} */
const chromiumPages = async (browser) => {
  const session = await browser.newBrowserCDPSession()
  const { browserContextId } = await session.send('Target.createBrowserContext')
  let hasWindow = false
  return {
    open: async (url) => {
      const newWindow = !hasWindow
      const { targetId } = await session.send('Target.createTarget', {
        url: 'about:blank',
        browserContextId,
        newWindow,
      })
      if (newWindow) await calm(browser)
      hasWindow = true
      return await openInChromium(session, targetId, url)
    },
    withWorker: async (use) => {
      const { targetInfos } = await session.send('Target.getTargets')
      const info = targetInfos.find(
        (each) => each.type === 'shared_worker' && each.browserContextId === browserContextId,
      )
      if (!info) return null
      const worker = await Target.attach(session, info.targetId)
      try {
        return await use(worker)
      } finally {
        await worker.detach()
      }
    },
    close: async () => {
      await session.send('Target.disposeBrowserContext', { browserContextId })
      await session.detach()
    },
  }
}

/** @param {Browser} browser @returns {Promise<Pages>} */
const playwrightPages = async (browser) => {
  const context = await browser.newContext()
  return {
    open: async (url) => {
      const page = await context.newPage()
      await page.goto(url)
      return {
        devtools: null,
        reload: () => page.reload(),
        // Playwright's own type for what crosses is wider; all that crosses here is plain.
        evaluate: (work, arg) => page.evaluate(/** @type {any} */ (work), arg),
      }
    },
    withWorker: () => Promise.resolve(null),
    close: () => context.close(),
  }
}

/**
 * Makes a context without pages.
 *
 * @param {Browser} browser
 * @param {import('./options.mjs').Options} options
 */
export const makePages = (browser, options) =>
  options.browser === 'chromium' && !options.listened ? chromiumPages(browser) : playwrightPages(browser)
