/** Firefox, by Playwright's pages, and by signals to its processes for what the protocol cannot do. */
import { execFileSync } from 'node:child_process'
import { firefox as playwright, type BrowserContext, type Page } from 'playwright'
import { firefox } from '../browsers.mjs'
import { COME_BACK, signal, within, type Browser, type BrowserTab } from './browser.js'

const CALL_MS = 10_000
/** A page that has not answered by then has crashed with its process. */
const PROBE_MS = 3_000

class FirefoxTab implements BrowserTab {
  readonly page: Page
  readonly crashed: () => void

  constructor(page: Page, crashed: () => void) {
    this.page = page
    this.crashed = crashed
  }

  async reload(hard: boolean): Promise<void> {
    // In Firefox alone it can say that the cache is not to be used.
    if (hard) await this.run('location.reload(true)')
    else await within(CALL_MS, this.page.reload({ waitUntil: 'commit', timeout: CALL_MS }))
  }

  async leave(address: string): Promise<void> {
    await within(CALL_MS, this.page.goto(address, { waitUntil: 'commit', timeout: CALL_MS }))
  }

  comeBack(): Promise<void> {
    return this.run(COME_BACK)
  }

  async run(script: string): Promise<void> {
    await within(CALL_MS, this.page.evaluate(`void (${script})`))
  }

  async close(): Promise<void> {
    await within(CALL_MS, this.page.close())
  }
}

/** A process, as `ps` lists it. */
interface Listed {
  readonly pid: number
  readonly parent: number
  readonly args: string
}

const listProcesses = (): Listed[] =>
  execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) =>
      match ? [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3] ?? '' }] : [],
    )

class Firefox implements Browser {
  readonly name = 'firefox'
  readonly version: string
  readonly #context: BrowserContext
  /** Of the browser's main process. */
  readonly #pid: number
  readonly #tabs = new Set<FirefoxTab>()

  constructor(context: BrowserContext, version: string, pid: number) {
    this.#context = context
    this.version = version
    this.#pid = pid
  }

  async open(address: string, crashed: () => void): Promise<BrowserTab> {
    const tab = new FirefoxTab(await this.#context.newPage(), crashed)
    this.#tabs.add(tab)
    tab.page.on('close', () => this.#tabs.delete(tab))
    await within(CALL_MS, tab.page.goto(address, { waitUntil: 'commit', timeout: CALL_MS }))
    return tab
  }

  /** Which process a tab is in, nothing tells. So they are killed one after the other, until a tab has died of it. */
  async crash(): Promise<void> {
    for (const pid of await this.contentProcesses()) {
      signal(pid, 'SIGKILL')
      const alive = await Promise.all(
        [...this.#tabs].map(async (tab) => ({
          tab,
          answers: await within(PROBE_MS, tab.page.evaluate('0')),
        })),
      )
      const dead = alive.filter(({ answers }) => !answers)
      for (const { tab } of dead) tab.crashed()
      if (dead.length > 0) return
    }
  }

  contentProcesses(): Promise<number[]> {
    const own = listProcesses().filter(
      ({ parent, args }) => parent === this.#pid && /-contentproc.* tab$/.test(args),
    )
    return Promise.resolve(own.map(({ pid }) => pid))
  }

  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#context.once('close', resolve))
    signal(this.#pid, 'SIGKILL')
    await closed
  }

  async close(): Promise<void> {
    await this.#context.close()
  }
}

/** Starts Firefox on a profile folder. */
export const launchFirefox = async (profile: string): Promise<Browser> => {
  const context = await playwright.launchPersistentContext(profile, firefox())
  const main = listProcesses().find(({ args }) => args.includes(profile) && !args.includes('-contentproc'))
  if (!main) throw new Error('expected a process of Firefox with this profile')
  return new Firefox(context, context.browser()?.version() ?? '?', main.pid)
}
