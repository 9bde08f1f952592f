/** Chromium's targets (pages, workers) beside those that Playwright shows: over one session with the browser. */
import type { Browser, CDPSession } from '@playwright/test'

/** A target, as the browser lists it. */
export interface TargetInfo {
  readonly targetId: string
  readonly type: string
  readonly url: string
  readonly browserContextId?: string
}

/** A message of a target: an answer or an event. */
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

type Heard = (method: string, params: unknown) => void

/** A session with one target. A target that has ended answers nothing any more. */
export class TargetSession {
  readonly targetId: string
  readonly #browser: CDPSession
  readonly #sessionId: string
  readonly #waiting = new Map<number, (message: Message) => void>()
  readonly #heard: Set<Heard> = new Set()
  #calls = 0

  constructor(browser: CDPSession, targetId: string, sessionId: string) {
    this.targetId = targetId
    this.#browser = browser
    this.#sessionId = sessionId
    browser.on('Target.receivedMessageFromTarget', this.#receive)
  }

  /** @throws {Error} what the target answers */
  async send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#calls
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve))
    await this.#browser.send('Target.sendMessageToTarget', {
      sessionId: this.#sessionId,
      message: JSON.stringify({ id, method, params }),
    })
    const { error, result } = await answer
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  /** Calls back with each event. */
  on(heard: Heard): void {
    this.#heard.add(heard)
  }

  /** Resolves with the next event of this name. */
  next(method: string): Promise<void> {
    return new Promise((resolve) => {
      const heard: Heard = (name) => {
        if (name !== method) return
        this.#heard.delete(heard)
        resolve()
      }
      this.on(heard)
    })
  }

  async detach(): Promise<void> {
    this.#browser.off('Target.receivedMessageFromTarget', this.#receive)
    // It may have ended.
    await this.#browser.send('Target.detachFromTarget', { sessionId: this.#sessionId }).catch(() => undefined)
  }

  readonly #receive = ({ sessionId, message }: { sessionId: string; message: string }): void => {
    if (sessionId !== this.#sessionId) return
    const { id, method, params, ...answer }: Message = JSON.parse(message)
    if (id !== undefined) {
      this.#waiting.get(id)?.(answer)
      this.#waiting.delete(id)
    }
    if (method !== undefined) for (const heard of this.#heard) heard(method, params)
  }
}

/** See the head of this file. */
export class Targets {
  readonly #session: CDPSession
  readonly #attached = new Set<TargetSession>()

  private constructor(session: CDPSession) {
    this.#session = session
  }

  static async open(browser: Browser): Promise<Targets> {
    return new Targets(await browser.newBrowserCDPSession())
  }

  async list(): Promise<readonly TargetInfo[]> {
    return (await this.#session.send('Target.getTargets')).targetInfos
  }

  /** Calls back with each target of this kind that there is, and that begins from now on. */
  async discover(type: string, found: (target: TargetInfo) => void): Promise<void> {
    this.#session.on(
      'Target.targetCreated',
      ({ targetInfo }) => targetInfo.type === type && found(targetInfo),
    )
    await this.#session.send('Target.setDiscoverTargets', { discover: true })
  }

  async attach(targetId: string): Promise<TargetSession> {
    // Not a flat one, which Playwright would take for its own.
    const { sessionId } = await this.#session.send('Target.attachToTarget', { targetId, flatten: false })
    const session = new TargetSession(this.#session, targetId, sessionId)
    this.#attached.add(session)
    return session
  }

  async detach(session: TargetSession): Promise<void> {
    this.#attached.delete(session)
    await session.detach()
  }

  /** Ends a target as if its process had died. */
  async kill(targetId: string): Promise<void> {
    // While somebody is attached to it, the next call for a target is never answered.
    for (const session of this.#attached) if (session.targetId === targetId) await this.detach(session)
    await this.#session.send('Target.closeTarget', { targetId })
  }

  async close(): Promise<void> {
    for (const session of this.#attached) await this.detach(session)
    await this.#session.detach()
  }
}
