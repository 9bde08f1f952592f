/**
 * Chromium, by its own protocol. A page that has crashed can be reached only by a session of our own, because
 * Playwright has given it up for good; so every tab has one from the start.
 */
import { chromium as playwright, type BrowserContext, type CDPSession } from 'playwright'
import { chromium } from '../browsers.mjs'
import { COME_BACK, signal, within, type Browser, type BrowserTab } from './browser.js'

const CALL_MS = 5_000

class ChromiumTab implements BrowserTab {
  readonly targetId: string
  readonly #session: CDPSession
  readonly #sessionId: string
  #calls = 0
  readonly #waiting = new Map<number, () => void>()

  constructor(session: CDPSession, targetId: string, sessionId: string) {
    this.#session = session
    this.targetId = targetId
    this.#sessionId = sessionId
    session.on('Target.receivedMessageFromTarget', (message) => {
      if (message.sessionId !== sessionId) return
      const answer: { readonly id?: number } = JSON.parse(message.message)
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.()
    })
  }

  /** Settles once it is answered, or it is clear that it never is. */
  async send(method: string, params: object = {}): Promise<void> {
    const id = ++this.#calls
    const answered = new Promise<void>((resolve) => this.#waiting.set(id, resolve))
    const message = JSON.stringify({ id, method, params })
    const sent = this.#session.send('Target.sendMessageToTarget', { sessionId: this.#sessionId, message })
    await within(CALL_MS, Promise.all([sent, answered]))
    this.#waiting.delete(id)
  }

  reload(hard: boolean): Promise<void> {
    return this.send('Page.reload', { ignoreCache: hard })
  }

  leave(address: string): Promise<void> {
    return this.send('Page.navigate', { url: address })
  }

  comeBack(): Promise<void> {
    return this.run(COME_BACK)
  }

  run(script: string): Promise<void> {
    return this.send('Runtime.evaluate', { expression: script })
  }

  /**
   * Stops the page's tasks from the next statement on, whichever that is. By the debugger: a page of Playwright's counts
   * as visible at all times, and `Page.setWebLifecycleState` freezes none that is.
   */
  async freeze(on: boolean): Promise<void> {
    if (!on) return this.send('Debugger.disable')
    await this.send('Debugger.enable')
    await this.send('Debugger.pause')
  }

  async close(): Promise<void> {
    await within(CALL_MS, this.#session.send('Target.closeTarget', { targetId: this.targetId }))
  }
}

class Chromium implements Browser {
  readonly name = 'chromium'
  readonly version: string
  readonly #context: BrowserContext
  readonly #session: CDPSession
  /** Of a page that stays, for what belongs to no tab. */
  readonly #storage: CDPSession
  readonly #crashed = new Map<string, () => void>()

  constructor(context: BrowserContext, version: string, session: CDPSession, storage: CDPSession) {
    this.#context = context
    this.version = version
    this.#session = session
    this.#storage = storage
    session.on('Target.targetCrashed', ({ targetId }) => this.#crashed.get(targetId)?.())
  }

  async open(address: string, crashed: () => void): Promise<BrowserTab> {
    const session = this.#session
    const { targetId } = await session.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false })
    const tab = new ChromiumTab(session, targetId, sessionId)
    this.#crashed.set(targetId, crashed)
    await tab.send('Page.navigate', { url: address })
    return tab
  }

  async crash(tab: ChromiumTab): Promise<void> {
    const crashed = new Promise<void>((resolve) => {
      this.#session.on('Target.targetCrashed', ({ targetId }) => targetId === tab.targetId && resolve())
    })
    void tab.send('Page.crash')
    await within(CALL_MS, crashed)
  }

  async killWorkers(): Promise<number> {
    const { targetInfos } = await this.#session.send('Target.getTargets')
    const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
    await Promise.all(
      workers.map(({ targetId }) => within(CALL_MS, this.#session.send('Target.closeTarget', { targetId }))),
    )
    return workers.length
  }

  async clearStorage(origin: string): Promise<void> {
    await this.#storage.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  }

  async limitQuota(origin: string, on: boolean): Promise<void> {
    await this.#storage.send('Storage.overrideQuotaForOrigin', { origin, ...(on && { quotaSize: 0 }) })
  }

  async contentProcesses(): Promise<number[]> {
    const { processInfo } = await this.#session.send('SystemInfo.getProcessInfo')
    return processInfo.flatMap(({ type, id }) => (type === 'renderer' ? [id] : []))
  }

  async kill(): Promise<void> {
    const { processInfo } = await this.#session.send('SystemInfo.getProcessInfo')
    const closed = new Promise((resolve) => this.#context.once('close', resolve))
    for (const { type, id } of processInfo) if (type === 'browser') signal(id, 'SIGKILL')
    await closed
  }

  async close(): Promise<void> {
    await this.#context.close()
  }
}

/** Starts Chromium on a profile folder. */
export const launchChromium = async (profile: string): Promise<Browser> => {
  const context = await playwright.launchPersistentContext(profile, {
    ...chromium(),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const browser = context.browser()
  const [page] = context.pages()
  if (!browser || !page) throw new Error('expected a browser with a page')
  const session = await browser.newBrowserCDPSession()
  await session.send('Target.setDiscoverTargets', { discover: true })
  return new Chromium(context, browser.version(), session, await context.newCDPSession(page))
}
