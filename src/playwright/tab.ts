/** One tab of the app under test, as a test sees it. */
import type { BrowserContext, Page } from '@playwright/test'
import type { RelayStatus } from '../events.js'
import { WaitError } from './errors.js'
import { KIT, record, type Look, type Received } from './recorder.js'
import { until } from './until.js'

/** How long a tab may take to connect, in milliseconds. */
const READY_MS = 30_000

const prepared = new WeakMap<BrowserContext, Promise<unknown>>()

/** Sees to it that every page of a context writes down what it is told. For pages that are loaded from now on. */
export const prepare = async (context: BrowserContext): Promise<void> => {
  let done = prepared.get(context)
  if (!done) prepared.set(context, (done = context.addInitScript(record, KIT)))
  await done
}

/** Runs an expression in the page, and gives its JSON value. */
export type Evaluate = (expression: string) => Promise<unknown>

const inKit = (call: string): string => `globalThis[Symbol.for(${JSON.stringify(KIT)})]?.${call}`

/** One tab of the app under test, as a test sees it. */
export class Tab {
  /** Playwright's own object: the way to what the page shows. */
  readonly page: Page
  /** `tab 1`, `tab 2`, …, in the order in which they were opened. */
  readonly name: string
  readonly #received: Received[] = []
  #next = 0
  #status: RelayStatus | null = null
  #looking: Promise<unknown> | null = null
  #evaluate: Evaluate

  /** Tests get tabs from the fixtures `openTabs` and `tabOf`. */
  constructor(page: Page, name: string) {
    this.page = page
    this.name = name
    this.#evaluate = (expression) => page.evaluate(expression)
  }

  /**
   * What the handlers of this tab were told, over all its reloads, in order: events, `resynced`, errors, and the other
   * words of the client. Of a tab that is closed, or is elsewhere, what was known before.
   *
   * @param type that of the event; leave it out for all
   */
  async received(type?: string): Promise<Received[]> {
    await this.#look()
    return this.#received.filter((each) => type === undefined || each.type === type)
  }

  /** The texts of the messages that this tab was told of, in order. */
  async texts(): Promise<string[]> {
    return (await this.received()).flatMap(({ text }) => text ?? [])
  }

  /** The causes of the gaps that this tab was told of, in order. Empty, if nothing may be missing. */
  async gaps(): Promise<unknown[]> {
    const told = (await this.received('resynced')).map(
      ({ event }) => event as { gapDetected: boolean; cause?: string }, // what an event of this type has
    )
    return told.flatMap(({ gapDetected, cause }) => (gapDetected ? [cause] : []))
  }

  /**
   * `relay.status` of the relay that the page has made last.
   *
   * @throws {WaitError} The page has not called `connect`.
   */
  async status(): Promise<RelayStatus> {
    await this.#look()
    if (!this.#status) throw new WaitError(`${this.name}: expected a page that has called connect, got none`)
    return this.#status
  }

  /**
   * Waits until the page has called `connect`, and its `relay.ready` is settled.
   *
   * @param timeout how long to wait for `connect`, in milliseconds
   * @throws {WaitError} The page has not called `connect` in time.
   * @throws {Error} What `relay.ready` rejects with.
   */
  async ready({ timeout = READY_MS }: { readonly timeout?: number } = {}): Promise<void> {
    const found = await until(timeout, async () => {
      const isReady = await this.#evaluate(inKit('ready()')).catch((error: unknown) => {
        // A page that goes somewhere else meanwhile is looked at there.
        if (isNavigation(error)) return false
        throw error
      })
      return { done: isReady === true, value: null }
    })
    if (found?.done) return
    const where = this.page.isClosed() ? 'is closed' : `is at ${this.page.url()}`
    throw new WaitError(`${this.name} ${where}, and has not connected within ${timeout} ms`)
  }

  /** What is known without a look into the page. */
  get known(): readonly Received[] {
    return this.#received
  }

  /** Looks into the page, if it can be: for the matchers. */
  async look(): Promise<{ readonly received: readonly Received[]; readonly status: RelayStatus | null }> {
    await this.#look()
    return { received: this.#received, status: this.#status }
  }

  /** The names of the Web Locks of the page's origin. */
  async locks(): Promise<readonly string[]> {
    const names = await this.#evaluate(inKit('locks()'))
    return Array.isArray(names) ? names.map(String) : []
  }

  /** From now on the page is reached in this way: Playwright's own gives up a page that has crashed. */
  reachBy(evaluate: Evaluate): void {
    this.#evaluate = evaluate
  }

  /** One look at a time: each goes on where the last one has ended. */
  async #look(): Promise<void> {
    while (this.#looking) await this.#looking
    this.#looking = this.#read()
    try {
      await this.#looking
    } finally {
      this.#looking = null
    }
  }

  async #read(): Promise<void> {
    const text = await this.#evaluate(inKit(`look(${this.#next})`)).catch(() => null)
    if (typeof text !== 'string') return
    const look: Look = JSON.parse(text)
    this.#status = look.status ?? this.#status
    if (look.count === 0 && look.received.length === 0) return
    this.#received.push(...look.received)
    this.#next = look.count
  }
}

/** The page has gone somewhere else while it was asked. */
const isNavigation = (error: unknown): boolean =>
  /context was destroyed|navigat|Cannot find context|frame was detached|Execution context/i.test(
    String(error),
  )
