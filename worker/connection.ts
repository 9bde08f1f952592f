/**
 * One WebSocket that is always the newest: connects, pings, notices death, backs off, gives up. What is said over
 * it is none of its business.
 */
import type { ConnectionOptions, ConnectionState, Notice } from '../src/bridge.js'
import { encodeError, TabmuxError } from '../src/errors.js'
import type { ClientEvent } from '../src/protocol/index.js'
import { VERSION } from '../src/version.js'
import { backoff, judgeClose } from './backoff.js'
import type { Clock } from './clock.js'

/** Opens a WebSocket, or what has as much of one as is used here. */
export type OpenSocket = (url: string) => Pick<WebSocket, 'addEventListener' | 'send' | 'close'>

/** What the connection needs from around it. */
export interface ConnectionContext {
  readonly baseUrl: string
  readonly options: ConnectionOptions
  readonly clock: Clock
  /** A number from 0 to below 1. */
  readonly random: () => number
  /** Opens a socket; another one than the browser's where there is none. */
  readonly openSocket?: OpenSocket | undefined
  /** The agent's token; asked before each attempt. Pending while there is nobody to ask. */
  readonly token: () => Promise<string>
  readonly opened: () => void
  readonly message: (data: unknown) => void
  readonly closed: () => void
  /** How a socket, or an attempt to open one, has ended, where more is known than the notice after it says. */
  readonly ended: (ending: { readonly code?: number; readonly reason?: string }) => void
  readonly notice: (notice: Notice) => void
}

/** A jump of the clock by more than this means that the machine slept, and the socket may be dead. In milliseconds. */
const SLEEP_MS = 10_000
/** How long the relay's end of a socket may take to close before it is not waited for. In milliseconds. */
const CLOSING_MS = 500
const WATCH_INTERVAL_MS = 5_000

/** The address of the relay's socket. `PROTOCOL.md`, "Connecting". */
export const socketUrl = (baseUrl: string, token: string): string => {
  const query = new URLSearchParams({ token, origin_client: 'tabmux', origin_version: VERSION })
  return `${baseUrl.replace(/^http/, 'ws')}/v1/ws?${query}`
}

/** See the head of this file. */
export class Connection {
  readonly #context: ConnectionContext
  #state: ConnectionState = 'closed'
  /** Failed attempts since the relay last said anything. */
  #failures = 0
  #socket: ReturnType<OpenSocket> | null = null
  /** Attempts that are overtaken (by `close`, `reconnect`, a time-out) find another number here and end. */
  #attempt = 0
  #refusedToken: string | null = null
  /** The timers of the present state: all end with it. */
  readonly #timers = new Set<() => void>()
  #framesHeard = 0

  constructor(context: ConnectionContext) {
    this.#context = context
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** The number of the reconnect attempt under way, 0 when there is none. */
  get attempt(): number {
    return this.#state === 'connected' ? 0 : this.#failures
  }

  /** Connects now, whatever came before. */
  connect(): void {
    void this.close()
    this.#failures = 0
    this.#refusedToken = null
    void this.#try()
  }

  /** Tries now, if it waits for the next attempt or has given up. An attempt under way, or an open socket, goes on. */
  hurry(): void {
    if (this.#state === 'reconnecting') void this.#try()
    if (this.#state === 'disconnected') this.connect()
  }

  /**
   * Ends the connection. Tells nobody: who asks for it knows. Resolves when the relay's end is closed too, so that it
   * does not see the next hub's socket beside this one; or soon, as a socket that is dead never says so.
   */
  close(): Promise<void> {
    const socket = this.#socket
    this.#enter('closed')
    this.#drop(1000)
    if (!socket) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#context.clock.after(CLOSING_MS, resolve)
      socket.addEventListener('close', () => {
        cancel()
        resolve()
      })
    })
  }

  /** Sends a frame, if the socket is open. */
  send(frame: ClientEvent | { readonly type: string }): boolean {
    if (this.#state !== 'connected') return false
    this.#socket?.send(JSON.stringify(frame))
    return true
  }

  /** Asks for a sign of life; without one the socket counts as dead (an open socket need not be alive). */
  probe(): void {
    const heardBefore = this.#framesHeard
    if (!this.send({ type: 'ping' })) return
    this.#after(this.#context.options.pongTimeoutMs, () => {
      if (this.#framesHeard !== heardBefore) return
      this.#context.ended({ reason: 'no answer to a ping' })
      this.#lost()
    })
  }

  async #try(): Promise<void> {
    const token = await this.#askToken()
    if (token === null) return
    if (token === this.#refusedToken) this.#giveUp()
    else this.#open(token)
  }

  /** The token, or null if that has failed, or something else was decided meanwhile. */
  async #askToken(): Promise<string | null> {
    this.#enter('connecting')
    const attempt = ++this.#attempt
    try {
      const token = await this.#context.token()
      return attempt === this.#attempt ? token : null
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error instanceof TabmuxError ? error : tokenFailed(error))
      return null
    }
  }

  #open(token: string): void {
    const { options, baseUrl, openSocket = (url) => new WebSocket(url) } = this.#context
    let socket: ReturnType<OpenSocket>
    try {
      socket = openSocket(socketUrl(baseUrl, token))
    } catch {
      // The constructor throws for an address that no attempt could ever use; its message would quote the token.
      this.#report(new TabmuxError('connect_failed', `the browser refuses to open a WebSocket to ${baseUrl}`))
      return this.#giveUp()
    }
    this.#socket = socket
    const isCurrent = () => this.#socket === socket
    this.#after(options.connectTimeoutMs, () => {
      this.#failed(unreachable(baseUrl, `no answer within ${options.connectTimeoutMs} ms`))
    })
    socket.addEventListener('open', () => isCurrent() && this.#opened())
    socket.addEventListener('message', ({ data }) => isCurrent() && this.#heard(data))
    socket.addEventListener(
      'close',
      ({ code, reason }) => isCurrent() && this.#closedByPeer(code, reason, token),
    )
  }

  #opened(): void {
    const { options, clock, opened, notice } = this.#context
    this.#enter('connected')
    this.#every(options.pingIntervalMs, () => this.probe())
    let watchedAt = clock.now()
    this.#every(WATCH_INTERVAL_MS, () => {
      const now = clock.now()
      if (now - watchedAt > WATCH_INTERVAL_MS + SLEEP_MS) this.probe()
      watchedAt = now
    })
    notice({ type: 'open' })
    opened()
  }

  #heard(data: unknown): void {
    this.#framesHeard += 1
    this.#failures = 0
    this.#refusedToken = null
    this.#context.message(data)
  }

  #closedByPeer(code: number, reason: string, token: string): void {
    const told = reason.replaceAll(token, '…')
    this.#context.ended({ code, ...(told && { reason: told }) })
    if (judgeClose(code) === 'token_refused') {
      const quoted = told && `, "${told}"`
      const why = `the relay refused the token (close code ${code}${quoted})`
      this.#end()
      this.#report(new TabmuxError('unauthorized', why))
      void this.#afterRefusal(token)
    } else if (this.#state === 'connected') {
      this.#lost()
    } else {
      this.#failed(unreachable(this.#context.baseUrl, `close code ${code}`))
    }
  }

  /** Only another token can help, so its source is asked at once: the same one again is final. */
  async #afterRefusal(refused: string): Promise<void> {
    this.#refusedToken = refused
    const token = await this.#askToken()
    if (token === refused) this.#giveUp()
    else if (token !== null) this.#retry()
  }

  /** The open socket is gone. */
  #lost(): void {
    this.#end()
    this.#retry()
  }

  /** An attempt has failed. */
  #failed(error: TabmuxError): void {
    this.#drop()
    this.#report(error)
    this.#retry()
  }

  /** Lets go of the socket, and says so if it was open. */
  #end(): void {
    const wasOpen = this.#state === 'connected'
    this.#enter('connecting')
    this.#drop()
    if (!wasOpen) return
    this.#context.closed()
    this.#context.notice({ type: 'close' })
  }

  #retry(): void {
    const { options, random, notice } = this.#context
    if (this.#failures >= options.maxReconnectAttempts) return this.#giveUp()
    this.#failures += 1
    this.#enter('reconnecting')
    notice({ type: 'reconnecting', attempt: this.#failures })
    this.#after(backoff(this.#failures, options, random()), () => void this.#try())
  }

  #giveUp(): void {
    this.#drop()
    this.#enter('disconnected')
    this.#context.notice({ type: 'permanently_disconnected', attempt: this.#failures })
  }

  #report(error: TabmuxError): void {
    this.#context.notice({ type: 'error', error: encodeError(error) })
  }

  /** Forgets the socket before closing it: a half-open one may take minutes to fire its own close event. */
  #drop(code?: number): void {
    const socket = this.#socket
    this.#socket = null
    this.#attempt += 1
    socket?.close(code)
  }

  #enter(state: ConnectionState): void {
    this.#state = state
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }

  #after(ms: number, callback: () => void): void {
    const cancel = this.#context.clock.after(ms, () => {
      this.#timers.delete(cancel)
      callback()
    })
    this.#timers.add(cancel)
  }

  #every(ms: number, callback: () => void): void {
    this.#after(ms, () => {
      this.#every(ms, callback)
      callback()
    })
  }
}

const unreachable = (baseUrl: string, what: string): TabmuxError =>
  new TabmuxError(
    'connect_failed',
    `could not connect to ${baseUrl} (${what}): the relay is down, is no relay, or refused the token; browsers do not say which`,
  )

const tokenFailed = (error: unknown): TabmuxError =>
  new TabmuxError(
    'token_failed',
    `the token function failed: ${error instanceof Error ? error.message : 'no reason given'}`,
  )
