/**
 * What a tab and the hub say to each other over one port: types, a version, and nothing else.
 * Both ends expose and wrap the same port (Comlink). Only plain data crosses: no proxies, no transferables, so
 * the bridge runs over any endpoint.
 */
import type { ClientEvent, GapCause, GapSource } from './protocol/index.js'

/** A frame that a tab sends to the relay. `resync` is the hub's own. */
export type ClientFrame = Exclude<ClientEvent, { type: 'resync' }> | { readonly type: string }

/**
 * Changes whenever a tab and a hub of different builds could misunderstand each other. A new method of {@link HubPort}
 * that tabs can do without does not count: a worker that does not know it gives no answer, and the call ends with its
 * deadline.
 */
export const BRIDGE_VERSION = 1

/** A place in the journal: the newest entry that this tab has handled, and the hub that numbered it. */
export interface Position {
  /** The instance id of the hub that gave the offset. */
  readonly instance: string
  /** The offset of the newest entry handled; 0 is before the first. */
  readonly offset: number
}

/** Where a tab without a position starts: with what comes, with all the journal holds, or with its last `n` entries. */
export type StartFrom = 'now' | 'journal' | { readonly last: number }

/** What a page can do for a consumer group: one that somebody sees goes before one that nobody sees; a frozen one runs nothing. */
export type PageView = 'visible' | 'hidden' | 'frozen'

/** A consumer group that a page is a member of. */
export interface Membership {
  readonly group: string
  /** The newest entry that the page has begun to handle for the group; null if there was none. */
  readonly begun: Position | null
}

/** How the hub keeps its connection. The first tab to attach decides. All times are in milliseconds. */
export interface ConnectionOptions {
  /** The first delay before a reconnect. @default 1_000 */
  readonly reconnectBaseDelayMs: number
  /** The longest delay before a reconnect, before it is spread by a factor of 0.5 to 1.5. @default 30_000 */
  readonly reconnectMaxDelayMs: number
  /** How many attempts in a row may fail before the hub gives up. @default 30 */
  readonly maxReconnectAttempts: number
  /** How long an attempt to connect may take. @default 10_000 */
  readonly connectTimeoutMs: number
  /** How long the socket may be without a ping. @default 30_000 */
  readonly pingIntervalMs: number
  /** How long after a ping the socket counts as dead if no frame came. @default 10_000 */
  readonly pongTimeoutMs: number
  /** How long the socket stays open after the last tab has gone, where the worker outlives it. @default 30_000 */
  readonly lingerMs: number
  /** How far before the newest event seen a database replay starts, if the relay gives no times. @default 60_000 */
  readonly resyncMarginMs: number
}

/**
 * What of an agent's events is on disk: the frames themselves; only what it takes to go on and to know them again (the
 * resume cursor, ids, hashes); or nothing, so that a worker that ends leaves a gap.
 */
export type Persist = 'events' | 'cursor' | 'none'

/** What the journal keeps, in memory and on disk. The first tab to attach decides. */
export interface StorageOptions {
  /** What of the events is on disk. @default 'events' */
  readonly persist: Persist
  /** How many entries are kept, 65_536 at most. @default 2_048 */
  readonly maxEntries: number
  /** How long an entry is kept after it came, in milliseconds; can be `Infinity`. @default 604_800_000 (7 days) */
  readonly maxAgeMs: number
  /** How much text the entries may hold, in bytes, at two a character. @default 67_108_864 (64 MiB) */
  readonly maxBytes: number
}

/** What the worker says of itself, at once. */
export interface Greeting {
  readonly bridge: number
  /** The name of the lock that the worker holds for as long as it lives; it says where the worker can be reached. */
  readonly workerLock: string
}

/** What a tab says when it attaches. */
export interface Hello {
  /** The relay's address: http(s), without a trailing slash. */
  readonly baseUrl: string
  /** Names the agent on this relay: the hub's lock, database and identity derive from it. */
  readonly identity: string
  readonly connection: ConnectionOptions
  readonly storage: StorageOptions
  readonly position: Position | null
  readonly from: StartFrom
  readonly channels: readonly string[]
}

/** An error on its way to a tab: Comlink would drop its code. */
export interface BridgeError {
  readonly code: ErrorCode
  readonly message: string
}

/** What kinds of error there are. `docs/errors.md` says what to do about each. */
export type ErrorCode =
  | 'invalid_options'
  | 'invalid_argument'
  | 'unsupported'
  | 'invalid_frame'
  | 'connect_failed'
  | 'unauthorized'
  | 'token_failed'
  | 'not_connected'
  | 'limit_exceeded'
  | 'options_differ'
  | 'worker_failed'
  | 'worker_unresponsive'
  | 'outdated'
  | 'closed'
  | 'logged_out'
  | 'handler_failed'

/** Where the connection stands. */
export type ConnectionState =
  /** No hub has answered this tab yet. */
  | 'starting'
  | 'connecting'
  | 'connected'
  /** Waiting for the next attempt. */
  | 'reconnecting'
  /** Given up, until a tab attaches, the browser says that it is online, or `reconnect()` is called. */
  | 'disconnected'
  /** This tab has closed its connection, or the agent has logged out. */
  | 'closed'

/** Where the journal is kept. */
export interface Persistence {
  /** On disk, or in memory alone: what is there goes with the worker. */
  readonly mode: 'disk' | 'memory'
  /** Why it is not on disk. */
  readonly reason?: string
}

/** The newest resync. */
export interface ResyncReport {
  /** When the relay had answered, in milliseconds since 1970. */
  readonly at: number
  /** How many events the relay says it sent again. */
  readonly replayed: number
  /** Whether some may be lost for good. */
  readonly gapDetected: boolean
}

/** The hub's own view, the same for every tab. */
export interface HubStatus {
  /** Where the connection stands. */
  readonly state: ConnectionState
  /** The number of the reconnect attempt under way; 0 when connected. */
  readonly attempt: number
  /** The resume cursor: up to this `agent_seq` everything is in the journal or was told to be missing. Null: none yet. */
  readonly agentSeq: number | null
  /** A resync is out and its end has not come. */
  readonly resyncing: boolean
  /** How many tabs are attached. */
  readonly tabs: number
  /** Where the journal is kept. */
  readonly persistence: Persistence
  /** Who holds the socket. */
  readonly host: 'shared-worker'
  /** The id of this run of the hub. */
  readonly instance: string
  /** The offsets of the oldest and the newest entry that the hub holds. */
  readonly journal: { readonly first: number; readonly last: number }
  /** The newest resync of this run; null before the first. */
  readonly lastResync: ResyncReport | null
  /** The channels that any tab is subscribed to. */
  readonly channels: readonly string[]
  /** Frames from the relay that were dropped because they were not valid. */
  readonly dropped: number
}

/** Something that happened to the socket: what the tabs were told of it, and what more is known. */
export interface SocketChange {
  /** When, in milliseconds since 1970. */
  readonly at: number
  /**
   * `open` and `close` are those of a socket, `error` is an attempt to open one that has failed, `reconnecting` the wait
   * for the next attempt; after `permanently_disconnected` none follows by itself.
   */
  readonly type: Notice['type']
  /** The number of the attempt, the first one is 1. */
  readonly attempt?: number
  /** The close code that came, if the relay or the browser has ended it. */
  readonly code?: number
  /** What the relay gave as the reason for it, or why this side has ended it. */
  readonly reason?: string
  /** The kind of error. */
  readonly error?: ErrorCode
}

/** One `resynced`: of the relay, for all tabs, or of the journal, for one of them. */
export interface ResyncRecord extends ResyncReport {
  /** Which of the two it is of. */
  readonly source: GapSource
  /** Why something may be missing; null: nothing is. */
  readonly cause: GapCause | null
  /** The number of the tab that was told, where the journal is the source. */
  readonly tab: number | null
}

/** A frame from the relay that was dropped. */
export interface DroppedFrame {
  /** When it came, in milliseconds since 1970. */
  readonly at: number
  /** What was expected and what came; it names fields, and quotes nothing of the frame but its type. */
  readonly reason: string
  /** The frame's `agent_seq`, if that was sound. */
  readonly seq: number | null
}

/** One attached tab, as the hub sees it. */
export interface TabReport {
  /** Counts the tabs of this run of the hub; 1 is the first. */
  readonly tab: number
  /** It is the tab that asks. */
  readonly isThis: boolean
  /** When it attached, in milliseconds since 1970. */
  readonly since: number
  /** The offset of the newest entry that it has handled; null until it has read for the first time. */
  readonly offset: number | null
  /** How many entries it still has to handle; null like `offset`. */
  readonly lag: number | null
  /** Since when it has not answered a delivery, in milliseconds since 1970; null: it has answered all. */
  readonly waitingSince: number | null
}

/** The resume cursor, as it is stored. `PROTOCOL.md`, "The client's rules". */
export interface CursorReport {
  /** Up to this `agent_seq` everything is in the journal or was told to be missing. */
  readonly seq: number
  /** The relay's `epoch` that `seq` belongs to; null: it has told none. */
  readonly epoch: string | null
  /** Counts the relay's counters: it rises when one has started again. */
  readonly era: number
  /** When the event at the cursor was made, in milliseconds since 1970. */
  readonly at: number
  /** `at` is the relay's own time. */
  readonly exact: boolean
}

/**
 * All that there is to see of a hub. No token, no identity and nothing of an event but what a refused frame's reason
 * names. Lists are oldest first, and bounded.
 */
export interface RelayReport {
  /** When it was made, in milliseconds since 1970. */
  readonly at: number
  /** The version of the package that the worker was built with. */
  readonly version: string
  /** The hub's own view, at the same moment. */
  readonly status: HubStatus
  /** The resume cursor; null: there is none yet. */
  readonly cursor: CursorReport | null
  /** The tabs that are attached, in the order in which they came. */
  readonly tabs: readonly TabReport[]
  /** What the journal is to keep. */
  readonly storage: StorageOptions
  /** How much text the journal holds in memory, in bytes, at two a character. */
  readonly journalBytes: number
  /** When the oldest entry of the journal came, in milliseconds since 1970; null: there is none. */
  readonly oldestAt: number | null
  /** The newest 50. */
  readonly sockets: readonly SocketChange[]
  /** The newest 20. */
  readonly resyncs: readonly ResyncRecord[]
  /** The newest 50. */
  readonly dropped: readonly DroppedFrame[]
  /** Entries of the journal by the second in which they could be read: the last 60, the one under way last. */
  readonly rates: readonly number[]
}

/** One entry of the journal, on its way to a tab. */
export interface DeliveredEntry {
  readonly offset: number
  /** The frame as the relay sent it. */
  readonly text: string
  /** It came by a resync, not live. */
  readonly replayed: boolean
}

/** Where a worker can be reached: its script and its name. */
export interface WorkerAddress {
  readonly bridge: number
  readonly url: string
  readonly name: string
}

/** Something that happened to the connection. It is told as it happens and is not kept. */
export type Notice =
  | { readonly type: 'open' }
  | { readonly type: 'close' }
  | { readonly type: 'reconnecting'; readonly attempt: number }
  | { readonly type: 'permanently_disconnected'; readonly attempt: number }
  | { readonly type: 'error'; readonly error: BridgeError }
  | { readonly type: 'logged_out' }
  /** Another worker, of a newer build perhaps, has taken over: attach to that one. */
  | { readonly type: 'moved'; readonly to: WorkerAddress }

/** What the numbers of {@link StorageOptions} may be at the most: the journal is in memory too. */
export const STORAGE_LIMITS = { maxEntries: 65_536, maxBytes: 1_073_741_824 } as const

/** The answer to `attach` of a hub that has given way to another worker's while it started. */
export interface Moved {
  readonly moved: WorkerAddress
}

/** The answer to `attach`. */
export interface Attached {
  /** The run of the hub that the tab is attached to. */
  readonly instance: string
  /** Where the tab starts. */
  readonly position: Position
}

/** One delivery. The reply to it acknowledges all of it. */
export interface Batch {
  /** The position of the tab once it has handled the batch: the offset of the last entry. */
  readonly position: Position
  /** Entries between the tab's position and the first one here are gone. */
  readonly gap: 'journal_exceeded' | 'journal_lost' | null
  /**
   * The entries' frames, one offset after the other. An array of texts, and not of objects, is half the work to send,
   * and it is sent to every tab.
   */
  readonly texts: readonly string[]
  /** Which of them came by a resync, and not live: their indexes, in order. */
  readonly replayed: readonly number[]
  readonly notices: readonly Notice[]
  /** Present if it changed. */
  readonly status: HubStatus | null
}

/** What a consumer group has to handle next, on its way to the member whose turn it is. */
export interface Turn {
  readonly group: string
  /** The group's position: before the first of the entries. */
  readonly from: Position
  readonly gap: Batch['gap']
  /** As in a {@link Batch}. The member handles the first one that it has handlers for, and no further one. */
  readonly texts: readonly string[]
  readonly replayed: readonly number[]
  /** In milliseconds since 1970. From then on no handler may begin: the turn may be another member's. */
  readonly until: number
}

/** How many consumer groups an agent can have. */
export const MAX_GROUPS = 32
/** How long the name of one can be, in UTF-16 units. */
export const MAX_GROUP_NAME = 200

/** What the hub offers a tab, over one port. */
export interface HubPort {
  /**
   * Answers as soon as the worker runs, before any hub does.
   *
   * @param lock the name of the lock that the tab holds for as long as it uses this port
   */
  greet(lock: string): Promise<Greeting>
  /** Lets this tab read the journal. Answers once the hub is there; or why there can be none. */
  attach(hello: Hello): Promise<Attached | Moved | BridgeError>
  /** Which run of the hub this tab is attached to, if any. An answer at all says that the worker does not hang. */
  probe(): string | null
  detach(): void
  /** The channels that this tab wants from now on, instead of those before; or why they cannot be had. */
  setChannels(channels: readonly string[]): BridgeError | null
  /** The consumer groups that this page is a member of from now on, instead of those before; or why it cannot be. */
  setGroups(groups: readonly Membership[], view: PageView): BridgeError | null
  /** Sends a frame to the relay, or answers why it cannot. */
  send(frame: ClientFrame): BridgeError | null
  history(limit: number): readonly DeliveredEntry[]
  /** All that there is to see of the hub, or why not. */
  inspect(): Promise<RelayReport | BridgeError>
  reconnect(): void
  /** Ends the agent's connection for all tabs and wipes what is stored; or answers why it cannot. */
  logout(): Promise<BridgeError | null>
}

/** What a tab offers the hub, over the same port. */
export interface TabPort {
  deliver(batch: Batch): void | Promise<void>
  /**
   * It is this page's turn in a consumer group. The answer, once the handlers are done, is the offset of the newest entry
   * that is dealt with; `from`'s if that is only the gap; any other number if nothing is.
   */
  act(turn: Turn): Promise<number>
  token(): Promise<string>
}
