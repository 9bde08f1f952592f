/** The tab's API: types only. */
import type {
  ClientFrame,
  ConnectionOptions,
  Persist,
  RelayReport,
  StartFrom,
  StorageOptions,
} from './bridge.js'
import type { TabmuxError } from './errors.js'
import type {
  AnyEvent,
  EventHandler,
  EventMeta,
  EventOf,
  GroupOptions,
  ListenOptions,
  MessageEvent,
  RelayEvent,
  RelayStatus,
  Resynced,
  UnknownEvent,
  Unsubscribe,
} from './events.js'
import type { EventMethod, EventMethods } from './event-methods.js'
import type { Logger } from './logger.js'

declare global {
  interface WorkerOptions {
    /**
     * Lets a SharedWorker outlive the reload of its only tab. Chromium has it from 148 on, others ignore it, and
     * TypeScript's own types do not know it yet.
     */
    extendedLifetime?: boolean
  }
  interface WindowEventMap {
    /** `connect` has made a relay, and returns it next: handlers that are added now miss nothing. */
    'tabmux:connect': CustomEvent<Relay>
  }
}

/** Options of `connect`. Times are in milliseconds. */
export interface ConnectOptions extends Partial<ConnectionOptions> {
  /** The relay's address: `http(s)://host[/path]`. The socket goes to `ws(s)://host[/path]/v1/ws`. */
  readonly baseUrl: string
  /** The agent's token, or a function that gives it: asked again at each attempt to connect. */
  readonly token: string | (() => string | Promise<string>)
  /**
   * Makes the SharedWorker whose script imports `tabmux/worker`. Every tab must make the same one.
   * @example () => new SharedWorker(new URL('./relay.worker.ts', import.meta.url), { type: 'module', name: 'tabmux', extendedLifetime: true })
   */
  readonly worker: () => SharedWorker
  /** Names the agent. Give it if tokens rotate: without it the token (as a hash) is the identity. */
  readonly agent?: string
  /** Where a tab without a position starts. A tab that reloads goes on where it was. @default 'now' */
  readonly from?: StartFrom
  /** What the journal keeps, in memory and on disk. */
  readonly journal?: Partial<Omit<StorageOptions, 'persist'>>
  /** What of the events is on disk. @default 'events' */
  readonly persist?: Persist
  /** Aborting it has the effect of `close()`. */
  readonly signal?: AbortSignal
  /** Takes what there is to say. By default problems that no handler is told of go to the console. */
  readonly logger?: Logger
  /** Told of what takes time in this tab. `spans` of `tabmux/trace` makes one that gives spans. */
  readonly trace?: Trace
}

/** Hooks for tracing, called in the middle of things: they should be quick. What they throw goes to the logger. */
export interface Trace {
  /** An entry of the journal is about to go to the handlers. All entries of one delivery go in one task. */
  readonly entry?: (offset: number) => void
  /**
   * A handler has returned, or thrown.
   *
   * @param type what it was added for: an event's type, or `any`, `status`, `resynced`, `open`, `close`, `error`, …
   * @param start when it was called, by `performance.now()`
   * @param error what it threw
   * @param offset that of the event, if it was called with one
   */
  readonly handler?: (type: string, start: number, error: unknown, offset: number | undefined) => void
  /** What was missed has come, or is told to be missing. Before the handlers are told. */
  readonly resynced?: (resynced: Resynced) => void
  /** `relay.status` has changed. Before the handlers are told. */
  readonly status?: (status: RelayStatus) => void
}

/** Options of `events`. */
export interface StreamEventsOptions extends ListenOptions {
  /**
   * How many events may wait for the loop, from 1 up; can be `Infinity`. A delivery brings up to 1,024 at once. When one
   * more comes, the iterator ends: the loop gets those that wait, and then the error `limit_exceeded`.
   * @default 10_000
   */
  readonly maxBuffered?: number
}

/** Adds a handler and returns what removes it. */
export type Listen<Handler, Options extends ListenOptions = ListenOptions> = (
  handler: Handler,
  options?: Options,
) => Unsubscribe

/** One method per event; the names follow the public SDK of the protocol. */
export type On = {
  readonly [M in EventMethod]: Listen<EventHandler<EventOf<EventMethods[M]>>, GroupOptions>
} & {
  /** The socket is open. */
  readonly connected: Listen<() => unknown>
  /** The socket has closed. */
  readonly disconnected: Listen<() => unknown>
  /** Something went wrong; `docs/errors.md` says what to do. Without a handler, errors go to the logger. */
  readonly error: Listen<(error: TabmuxError) => unknown>
  /** An attempt to reconnect is scheduled; the first one is 1. */
  readonly reconnecting: Listen<(attempt: number) => unknown>
  /** No further attempt is made until `reconnect()`, a tab that attaches, or the browser's `online` event. */
  readonly permanentlyDisconnected: Listen<(attempt: number) => unknown>
  /** Everything that could be replayed has been; and whether something may be missing. */
  readonly resynced: Listen<(resynced: Resynced) => unknown, GroupOptions>
  /** `relay.status` has changed. */
  readonly status: Listen<(status: RelayStatus) => unknown>
  /** Everything: events of known and unknown types (these with `meta`), and the client's own. In a group, what has `meta`. */
  readonly any: Listen<(event: AnyEvent, meta?: EventMeta) => unknown, GroupOptions>
}

/** An event with what is known about it. */
export interface HistoryEntry {
  /** The event as handlers get it. `history()` gives no `resynced`. */
  readonly event: RelayEvent | Resynced | UnknownEvent
  /** What is known about it beside. */
  readonly meta: EventMeta
}

/**
 * One agent's connection, as this tab sees it.
 *
 * The promise: this tab's handlers get each event of the agent exactly once and in order, over any number of
 * disconnects, reloads, tab crashes, worker crashes, browser restarts and deployments; where the relay or the browser's
 * storage can no longer supply an event, they get one `resynced` with `gapDetected: true` and a `cause`; never silence.
 *
 * An event counts as handled when its batch (up to 1,024 events) has gone through all handlers, and a handler that
 * throws has handled it. A tab that crashes before that gets the whole batch again. What the handlers have started and
 * not finished by then is theirs.
 */
export interface Relay extends Disposable {
  /** Adds handlers: `relay.on.messageCreated(handler)`. */
  readonly on: On
  /** A frozen snapshot of the connection's state, the same object until it changes. */
  readonly status: RelayStatus
  /**
   * Resolves when this tab is attached and the socket is open for the first time: what the relay sends from
   * then on reaches this tab. Rejects with a {@link TabmuxError} if the hub gives up, if the worker is of a build that
   * this tab does not understand (`outdated`), if there is no token to name the agent by, or if the tab closes first.
   * Pending while the worker of another build holds the agent.
   */
  readonly ready: Promise<void>
  /**
   * Asks the relay for these channels (for as long as any tab wants them) and calls the handler for messages and
   * replies in them. `@self` stands for direct messages. A leading `#` is dropped.
   */
  subscribe(
    channels: readonly string[],
    handler?: EventHandler<MessageEvent>,
    options?: ListenOptions,
  ): Unsubscribe
  /**
   * Every event and every `resynced` from now on, in order. Ends when the signal aborts or the tab closes; what waits by
   * then can still be read. Rejects with `limit_exceeded` if the loop falls behind by more than `maxBuffered`.
   *
   * @throws {TabmuxError} `invalid_argument` if `maxBuffered` is no such number
   */
  events(options?: StreamEventsOptions): AsyncIterableIterator<HistoryEntry>
  /** The newest events of the journal, oldest first; also when offline. @default limit 50 */
  history(options?: { readonly limit?: number }): Promise<readonly HistoryEntry[]>
  /** Sends a frame to the relay. Rejects with `not_connected` if the socket is not open. */
  send(frame: ClientFrame): Promise<void>
  /**
   * All that there is to see of the hub, for people who look for a fault: `<tabmux-inspector>` shows it. Rejects with
   * `closed` once this tab is closed, with `limit_exceeded` in a loop that asks over 100 times a second,
   * and with `worker_unresponsive` if there is no answer within 10 s: from a worker of a build without it there is none.
   */
  inspect(): Promise<RelayReport>
  /** Connects now: after `permanentlyDisconnected`, instead of the next attempt, or in place of the open socket. */
  reconnect(): void
  /** Ends this tab's part. Other tabs go on. */
  close(): void
  /** Ends the agent's connection in all tabs and wipes what is stored of it, also this tab's position. */
  logout(): Promise<void>
}
