/** The custom element: when to ask the hub, and what to show of it. */
import type { On, Relay } from '../api.js'
import type { RelayReport } from '../bridge.js'
import { TabmuxError } from '../errors.js'
import { VERSION } from '../version.js'
import { h } from './dom.js'
import { time } from './format.js'
import { poll } from './poll.js'
import { fileName, reportOf, type InspectorReport } from './report.js'
import { styleSheet } from './styles.js'
import { createView, type View } from './view.js'

/** What the inspector needs of a relay. */
export type Inspectable = Pick<Relay, 'inspect' | 'status'> & { readonly on: Pick<On, 'status'> }

/** On a server there is no HTMLElement, and nobody makes an instance. */
const Base: typeof HTMLElement =
  typeof HTMLElement === 'undefined' ? (Object as unknown as typeof HTMLElement) : HTMLElement

const codeOf = (error: unknown): string => (error instanceof TabmuxError ? error.code : 'unknown')

/** How long the browser may take to begin a download, in milliseconds. */
const DOWNLOAD_MS = 60_000

const save = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  h('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_MS)
}

/**
 * `<tabmux-inspector>`: shows a hub to whoever looks for a fault. Set its property `relay`. While it can be seen it asks
 * the hub twice a second, and otherwise not at all.
 *
 * @example
 * const inspector = document.createElement('tabmux-inspector')
 * inspector.relay = relay
 * document.body.append(inspector)
 */
export class TabmuxInspector extends Base {
  #relay: Inspectable | null = null
  #latest: RelayReport | null = null
  #isPaused = false
  #end: () => void = () => undefined
  readonly #view: View

  /** The browser calls it. */
  constructor() {
    super()
    this.#view = createView({
      pause: () => this.#setPaused(!this.#isPaused),
      download: () => void this.#download(),
    })
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [styleSheet()]
    root.append(this.#view.element)
  }

  /** Whose hub is shown. Null: nobody's. @default null */
  get relay(): Inspectable | null {
    return this.#relay
  }

  /** From now on this one's hub is shown, and the report has nothing of the one before. */
  set relay(relay: Inspectable | null) {
    if (relay === this.#relay) return
    this.#relay = relay
    this.#latest = null
    if (this.isConnected) this.#start()
  }

  /**
   * What is shown as plain data, to be passed on: without tokens, names of agents and channels, addresses, and contents
   * of events. Asks the hub anew; if that does not answer within 10 s, it is what was known before, and
   * `page.problem` says why. Never rejects.
   */
  async report(): Promise<InspectorReport> {
    const relay = this.#relay
    let problem: string | null = null
    try {
      const answer = relay && (await relay.inspect())
      if (relay === this.#relay) this.#latest = answer
      if (!relay) problem = 'no_relay'
    } catch (error) {
      problem = codeOf(error)
    }
    const page = { version: VERSION, browser: navigator.userAgent, problem }
    return reportOf(this.#latest, Date.now(), page)
  }

  /** The browser calls it. */
  connectedCallback(): void {
    this.#takeEarlyRelay()
    this.#start()
  }

  /** The browser calls it. */
  disconnectedCallback(): void {
    this.#end()
  }

  /** Set before the element was defined, it is a property of the object's own, and hides the one above. */
  #takeEarlyRelay(): void {
    if (!Object.hasOwn(this, 'relay')) return
    const { relay } = this
    Reflect.deleteProperty(this, 'relay')
    this.#relay = relay
  }

  #start(): void {
    this.#end()
    const relay = this.#relay
    this.#view.status(relay && relay.status)
    this.#view.report(this.#latest)
    this.#view.note(relay ? null : 'Its property relay is not set.')
    this.#view.paused(this.#isPaused)
    if (!relay) return
    const ending = new AbortController()
    relay.on.status((status) => this.#view.status(status), { signal: ending.signal })
    const isSeen = () =>
      !this.#isPaused &&
      relay.status.state !== 'closed' &&
      document.visibilityState === 'visible' &&
      this.checkVisibility()
    const endPoll = poll({
      ask: () => relay.inspect(),
      isSeen,
      answered: (report) => this.#show(report),
      failed: (error) => this.#isPaused || this.#view.note(`No answer from the hub: ${codeOf(error)}`),
    })
    this.#end = () => {
      ending.abort()
      endPoll()
    }
  }

  #show(report: RelayReport): void {
    // The answer to a question from before the pause.
    if (this.#isPaused) return
    this.#latest = report
    this.#view.report(report)
    this.#view.note(null)
  }

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#view.paused(isPaused)
    this.#view.note(isPaused ? `Stopped at ${time(Date.now(), Date.now())}` : null)
  }

  async #download(): Promise<void> {
    const report = await this.report()
    save(fileName(report), JSON.stringify(report, null, 2))
  }
}
