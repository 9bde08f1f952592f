/** `connect()`: the tab's side. */
import { announce } from './announce.js'
import type { ConnectOptions, HistoryEntry, On, Relay, StreamEventsOptions, Trace } from './api.js'
import { Attachment, type Listener } from './attachment.js'
import type { ClientFrame, DeliveredEntry, Notice, RelayReport } from './bridge.js'
import { within } from './deadline.js'
import { Emitter } from './emitter.js'
import { decodeError, describe, TabmuxError } from './errors.js'
import { eventMethods, type EventMethod } from './event-methods.js'
import type {
  AnyEvent,
  EventHandler,
  EventMeta,
  GroupOptions,
  ListenOptions,
  MessageEvent,
  RelayEvent,
  RelayStatus,
  Resynced,
  Unsubscribe,
} from './events.js'
import { identify } from './identity.js'
import type { Logger } from './logger.js'
import { checkOptions, type CheckedOptions } from './options.js'
import { checkGroupName } from './memberships.js'
import { camelize } from './protocol/camel.js'
import { Stream } from './stream.js'
import { isIn, normalizeChannels, SELF } from './subscription.js'

/** The status before a worker has answered, which is also what a server renders. */
export const initialStatus: RelayStatus = Attachment.initialStatus

/** What a client needs of its page's place at the hub. */
export type Place = Pick<
  Attachment,
  'status' | 'join' | 'part' | 'want' | 'enter' | 'send' | 'history' | 'inspect' | 'reconnect' | 'logout'
>

/** The places of one page, one an agent. */
export interface Places {
  readonly open: Map<string, Place>
  readonly make: (identity: string, options: CheckedOptions) => Place
}

const ofThisPage: Places = {
  open: new Map(),
  make: (identity, options) => new Attachment(identity, options),
}

const loggedOut = (): TabmuxError => new TabmuxError('logged_out', 'the agent has logged out')
const closed = (): TabmuxError =>
  new TabmuxError('closed', 'expected an open connection, got one that is closed')

const failure = (what: string, cause: unknown): TabmuxError => {
  const reason = cause instanceof Error ? cause.message : describe(cause)
  return new TabmuxError('handler_failed', `${what} failed: ${reason}`, { cause })
}

/** @throws {TabmuxError} `invalid_argument` */
const demandCount = (method: string, name: string, value: number, least: number): void => {
  if (Number.isSafeInteger(value) && value >= least) return
  const message = `${method}: expected ${name} to be a whole number from ${least} up, got ${describe(value)}`
  throw new TabmuxError('invalid_argument', message)
}

/** The text was checked in the worker, and the journal holds what it checked, so here it is only read. */
const read = ({ text, offset, replayed }: DeliveredEntry): HistoryEntry => {
  const wire = JSON.parse(text) as { agent_seq?: unknown }
  const { agent_seq: agentSeq } = wire
  const event = camelize(wire) as unknown as RelayEvent | Resynced
  return { event, meta: typeof agentSeq === 'number' ? { offset, agentSeq, replayed } : { offset, replayed } }
}

/** Under which name the handlers of an event are. */
const nameOf = ({ type }: HistoryEntry['event']): string =>
  type === 'resynced' ? 'resynced' : `event ${type}`

/** What the page asks the hub for as long as somebody wants it. */
type Want = (place: Place, by: 1 | -1) => void

/** Whose name nobody else's begins with either. */
const inGroup = (group: string, type: string): string => `group ${JSON.stringify(group)}: ${type}`

/** What the handlers of a group return is waited for so long, in milliseconds: half of what the hub waits. */
const HANDLERS_DEADLINE_MS = 5_000

const nothing = (): void => undefined

interface Settle {
  readonly resolve: () => void
  readonly reject: (error: TabmuxError) => void
}

/** A relay as `connect` gives it, and as the test kit makes it without a browser. */
export class Client implements Relay {
  readonly on: On
  readonly ready: Promise<void>
  readonly #options: CheckedOptions
  /** Handlers: of the relay's events under `event ` and the type, which nobody else's name begins with. */
  readonly #emitters = new Map<string, Emitter<[never, EventMeta?]>>()
  readonly #streams = new Set<Stream<HistoryEntry>>()
  /** What the subscriptions and the handlers in groups of this client want, until it is closed. */
  readonly #wanted = new Set<Want>()
  readonly #places: Places
  readonly #attachment: Promise<Place | null>
  #joined: Place | null = null
  #status: RelayStatus | null = null
  #isClosed = false
  readonly #settleReady: Settle

  constructor(options: CheckedOptions, places: Places = ofThisPage) {
    this.#options = options
    this.#places = places
    let settle: Settle | undefined
    this.ready = new Promise((resolve, reject) => (settle = { resolve, reject }))
    this.#settleReady = settle as unknown as Settle // a promise has run its function by now
    this.ready.catch(() => undefined) // who does not wait for it is told by `on.error`
    this.on = this.#methods()
    const { signal } = options
    if (signal?.aborted) this.close()
    else signal?.addEventListener('abort', this.#abort)
    this.#attachment = this.#join()
  }

  get status(): RelayStatus {
    return this.#status ?? initialStatus
  }

  subscribe(
    channels: readonly string[],
    handler?: EventHandler<MessageEvent>,
    { signal }: ListenOptions = {},
  ): Unsubscribe {
    if (this.#isClosed) throw closed()
    const names = normalizeChannels(channels)
    if (signal?.aborted) return nothing
    const asked = [...names].filter((name) => name !== SELF)
    const off = handler && this.on.any((event, meta) => meta && isIn(event, names) && handler(event, meta))
    return this.#want((attachment, by) => attachment.want(asked, by), off ?? nothing, signal)
  }

  /** Wants something until what it returns is called, or the signal aborts; and then also does what `off` does. */
  #want(want: Want, off: Unsubscribe, signal: AbortSignal | undefined): Unsubscribe {
    this.#wanted.add(want)
    if (this.#joined) want(this.#joined, 1)
    const end = (): void => {
      off()
      signal?.removeEventListener('abort', end)
      if (this.#wanted.delete(want) && this.#joined) want(this.#joined, -1)
    }
    signal?.addEventListener('abort', end, { once: true })
    return end
  }

  events({ signal, maxBuffered = 10_000 }: StreamEventsOptions = {}): AsyncIterableIterator<HistoryEntry> {
    if (maxBuffered !== Number.POSITIVE_INFINITY) demandCount('events', 'maxBuffered', maxBuffered, 1)
    const end = (): void => stream.end()
    const ended = (): void => {
      this.#streams.delete(stream)
      signal?.removeEventListener('abort', end)
    }
    const stream = new Stream<HistoryEntry>(
      ended,
      maxBuffered,
      () => new TabmuxError('limit_exceeded', `events: expected at most ${maxBuffered} to wait, got more`),
    )
    if (this.#isClosed || signal?.aborted) stream.end()
    else this.#streams.add(stream)
    signal?.addEventListener('abort', end, { once: true })
    return stream
  }

  async history({ limit = 50 }: { readonly limit?: number } = {}): Promise<readonly HistoryEntry[]> {
    demandCount('history', 'limit', limit, 0)
    const attachment = await this.#open()
    return (await attachment.history(limit)).map(read)
  }

  async send(frame: ClientFrame): Promise<void> {
    const type: unknown = (frame as ClientFrame | null)?.type
    if (typeof type !== 'string' || type === '') {
      throw new TabmuxError('invalid_argument', `send: expected a frame with a "type", got ${describe(type)}`)
    }
    if (type === 'resync') {
      throw new TabmuxError('invalid_argument', 'send: "resync" is for the hub to send, it holds the cursor')
    }
    const attachment = await this.#open()
    await attachment.send(frame)
  }

  async inspect(): Promise<RelayReport> {
    return (await this.#open()).inspect()
  }

  reconnect(): void {
    this.#joined?.reconnect().catch((error: TabmuxError) => this.#error(error))
  }

  close(): void {
    this.#end(closed())
  }

  async logout(): Promise<void> {
    const attachment = await this.#open()
    await attachment.logout()
    this.#end(loggedOut())
  }

  [Symbol.dispose](): void {
    this.close()
  }

  // ── being attached ───────────────────────────────────────────────────────────────────────────────────────

  async #join(): Promise<Place | null> {
    if (this.#isClosed) return null
    try {
      const { open, make } = this.#places
      const { baseUrl, agent, token } = this.#options
      const identity = await identify(baseUrl, agent, token)
      if (this.#isClosed) return null
      let attachment = open.get(identity)
      if (!attachment) {
        attachment = make(identity, this.#options)
        open.set(identity, attachment)
      }
      this.#leave = () => {
        for (const want of this.#wanted) if (this.#joined) want(this.#joined, -1)
        if (this.#joined?.part(this.#listener)) open.delete(identity)
        this.#joined = null
      }
      this.#joined = attachment
      for (const want of this.#wanted) want(attachment, 1)
      attachment.join(this.#listener)
      this.#setStatus(attachment.status)
      return attachment
    } catch (error) {
      const told =
        error instanceof TabmuxError
          ? error
          : new TabmuxError('token_failed', `the token function failed: ${error}`)
      this.#error(told)
      this.#end(told)
      return null
    }
  }

  #leave = (): void => undefined

  readonly #abort = (): void => this.close()

  async #open(): Promise<Place> {
    const attachment = await this.#attachment
    if (this.#isClosed || !attachment) throw closed()
    return attachment
  }

  #end(why: TabmuxError): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#leave()
    this.#wanted.clear()
    this.#settleReady.reject(why)
    for (const stream of this.#streams) stream.end()
    this.#setStatus({ ...this.status, state: 'closed' })
    this.#emitters.clear()
  }

  // ── what comes in ────────────────────────────────────────────────────────────────────────────────────────

  readonly #listener: Listener = {
    status: (status) => this.#setStatus(status),
    notice: (notice) => this.#notice(notice),
    entry: (delivered) => {
      const entry = this.#read(delivered)
      if (entry) this.#entry(entry)
    },
    act: (group, delivered) => {
      const entry = this.#read(delivered)
      return entry && this.#act(group, entry)
    },
    error: (error) => {
      if (error.code === 'outdated') this.#settleReady.reject(error)
      this.#error(error)
    },
    loggedOut: () => this.#end(loggedOut()),
  }

  #read(delivered: DeliveredEntry): HistoryEntry | null {
    try {
      return read(delivered)
    } catch (error) {
      // One entry that cannot be read must not keep the tab from those after it.
      this.#error(new TabmuxError('invalid_frame', `entry ${delivered.offset} cannot be read: ${error}`))
      return null
    }
  }

  /** Calls the handlers that are in a group; null if there are none. */
  #act(group: string, { event, meta }: HistoryEntry): Promise<unknown> | null {
    const works = [nameOf(event), 'any'].flatMap((type) => {
      const emitter = this.#emitters.get(inGroup(group, type))
      // As in `#emit`.
      return emitter && !emitter.isEmpty ? emitter.settle(event as never, meta) : []
    })
    if (works.length === 0) return null
    return within(Promise.all(works), HANDLERS_DEADLINE_MS).catch(() => {
      const message = `the handlers of group "${group}" were not done after ${HANDLERS_DEADLINE_MS} ms: the next event comes`
      this.#error(new TabmuxError('handler_failed', message))
    })
  }

  #entry(entry: HistoryEntry): void {
    const { event, meta } = entry
    this.#trace('entry', meta.offset)
    // The hub refuses frames of the relay that have this type.
    if (event.type === 'resynced') this.#resynced(event as Resynced, meta)
    else this.#emit(nameOf(event), event, meta)
    this.#emit('any', event, meta)
    for (const stream of this.#streams) stream.push(entry)
  }

  #resynced(event: Resynced, meta: EventMeta): void {
    this.#trace('resynced', event)
    if (!event.gapDetected) this.#log('debug', 'tabmux: resynced', event)
    else if (this.#emitter('resynced').isEmpty) this.#log('warn', 'tabmux: events may be missing', event)
    this.#emit('resynced', event, meta)
  }

  #notice(notice: Notice): void {
    switch (notice.type) {
      case 'logged_out':
      case 'moved':
        return
      case 'error':
        return this.#error(decodeError(notice.error))
      case 'permanently_disconnected':
        this.#settleReady.reject(
          new TabmuxError(
            'connect_failed',
            `the hub has given up after ${notice.attempt} attempts; reconnect() starts again`,
          ),
        )
        break
      case 'open':
        this.#settleReady.resolve()
        break
    }
    this.#log('info', `tabmux: ${notice.type}`, notice)
    this.#emit(notice.type, 'attempt' in notice ? notice.attempt : undefined)
    this.#emit('any', notice)
  }

  #setStatus(status: RelayStatus): void {
    if (status.state !== this.status.state) this.#log('debug', `tabmux: ${status.state}`, status)
    this.#trace('status', status)
    this.#status = Object.freeze(status)
    if (status.state === 'connected') this.#settleReady.resolve()
    this.#emit('status', status)
  }

  #error(error: TabmuxError): void {
    if (this.#emitter('error').isEmpty) this.#log('error', error)
    this.#emit('error', error)
    this.#emit('any', error)
  }

  // ── handlers ─────────────────────────────────────────────────────────────────────────────────────────────

  #emit(type: string, event: AnyEvent | RelayStatus | number | undefined, meta?: EventMeta): void {
    // Only the methods of `on` add handlers, and their types say which event comes under which name.
    const emitter = this.#emitters.get(type)
    if (meta) emitter?.emit(event as never, meta)
    else emitter?.emit(event as never)
  }

  #emitter(type: string): Emitter<[never, EventMeta?]> {
    let emitter = this.#emitters.get(type)
    if (!emitter) {
      emitter = new Emitter(
        (error, event) => this.#handlerFailed(error, type, event),
        this.#options.trace
          ? (start, error, _event, meta?: EventMeta) =>
              this.#trace('handler', type.replace('event ', ''), start, error, meta?.offset)
          : undefined,
      )
      this.#emitters.set(type, emitter)
    }
    return emitter
  }

  #handlerFailed(cause: unknown, name: string, event: unknown): void {
    const error = failure(`a handler of "${name}"`, cause)
    // A handler that fails at being told of a failure would be told of that, and so on.
    if (event instanceof TabmuxError) this.#log('error', error)
    else this.#error(error)
  }

  /** A logger that throws must not keep an event from anybody. */
  #log(level: keyof Logger, ...said: readonly unknown[]): void {
    try {
      this.#options.logger[level]?.(...said)
    } catch (error) {
      console.error(error)
    }
  }

  #trace<Hook extends keyof Trace>(hook: Hook, ...args: Parameters<NonNullable<Trace[Hook]>>): void {
    try {
      // Which hook takes which arguments, the type of this method says.
      ;(this.#options.trace?.[hook] as ((...said: typeof args) => void) | undefined)?.(...args)
    } catch (error) {
      this.#log('error', failure('trace', error))
    }
  }

  #methods(): On {
    type Handler = (event: never, meta?: EventMeta) => unknown
    const listen =
      (type: string, isStored = false) =>
      (handler: Handler, options?: GroupOptions) => {
        if (typeof handler !== 'function') {
          throw new TabmuxError(
            'invalid_argument',
            `on: expected a handler for "${type}", got ${describe(handler)}`,
          )
        }
        const { group, signal } = options ?? {}
        if (group !== undefined) {
          if (!isStored) throw new TabmuxError('invalid_argument', `on: "${type}" is for no group`)
          const key = inGroup(checkGroupName(group), type)
          if (this.#isClosed || signal?.aborted) return nothing
          return this.#want(
            (attachment, by) => attachment.enter(group, by),
            this.#emitter(key).on(handler),
            signal,
          )
        }
        if (this.#isClosed) return nothing
        // Who listens for the open socket when it is open already is told so, as by the public SDK.
        const isLate = type === 'open' && this.status.state === 'connected'
        return this.#emitter(type).on(handler, options, isLate ? [undefined as never] : undefined)
      }
    const methods = Object.fromEntries(
      (Object.keys(eventMethods) as EventMethod[]).map((method) => [
        method,
        listen(`event ${eventMethods[method]}`, true),
      ]),
    )
    return Object.freeze({
      ...methods,
      connected: listen('open'),
      disconnected: listen('close'),
      error: listen('error'),
      reconnecting: listen('reconnecting'),
      permanentlyDisconnected: listen('permanently_disconnected'),
      resynced: listen('resynced', true),
      status: listen('status'),
      any: listen('any', true),
    }) as unknown as On // `methods` has the keys of `eventMethods`, which fromEntries forgets
  }
}

/**
 * Connects this tab to the agent's hub, which the first tab starts. Returns at once; handlers that are added in the
 * same task miss nothing.
 *
 * @throws {TabmuxError} `invalid_options` says what was expected and what came; `unsupported` where the browser
 * lacks SharedWorker or Web Locks, or the page is not a secure context
 */
export const connect = (options: ConnectOptions): Relay => {
  const checked = checkOptions(options)
  if (typeof SharedWorker === 'undefined') {
    throw new TabmuxError('unsupported', 'expected a browser with SharedWorker, got one without')
  }
  if (!isSecureContext || typeof navigator.locks === 'undefined') {
    throw new TabmuxError(
      'unsupported',
      `expected a secure context (https or localhost), got ${location.origin}`,
    )
  }
  return announce(new Client(checked))
}
