/** What handlers get: types only. */
import type { HubStatus, Position } from './bridge.js'
import type { TabmuxError } from './errors.js'
import type { Camelize, GapCause, GapSource, RelayWireEvent, ServerEvent } from './protocol/index.js'

type Camelized<T> = T extends object ? Camelize<T> : never

/** An event of the agent, as handlers get it: the relay's frame with camelCase keys. */
export type RelayEvent = Camelized<Exclude<ServerEvent, { type: 'pong' | 'resync_ack' }>>

/** The `type` of an event that this version of the contract knows. */
export type RelayEventType = RelayEvent['type']

/** The event with this `type`. */
export type EventOf<T extends RelayEventType> = Extract<RelayEvent, { type: T }>

/** An event of a type that this version of the contract does not know. Keys of its own fields are camelCase. */
export interface UnknownEvent {
  /** As the relay has it. */
  readonly type: string
  readonly [field: string]: unknown
}

/** What is known about an event beside what the relay says in it. */
export interface EventMeta {
  /**
   * The event's place in the agent's journal: 1, 2, 3, …, the same in every tab. Given again to other events after a
   * logout, after storage was cleared, and after a run of the hub that could not write to disk. A `resynced` of a gap
   * in the journal has no place of its own: it has the offset of the last entry that the tab had handled.
   */
  readonly offset: number
  /** The relay's number for the event; a database replay has none. */
  readonly agentSeq?: number
  /** The event was missed and came by a resync. */
  readonly replayed: boolean
}

/** Everything up to here that could be replayed has been. */
export interface Resynced {
  /** `'resynced'`, for `on.any`. */
  readonly type: 'resynced'
  /**
   * How many events the relay says it sent again, those that were dropped as known included; of several answers the
   * largest number. 0 if the gap is the journal's.
   */
  readonly replayed: number
  /** Some events may be lost for good: load what you show again from its source. */
  readonly gapDetected: boolean
  /** Who could not supply them. */
  readonly source: GapSource
  /** Why there may be a gap; absent if there is none. */
  readonly cause?: GapCause
}

/** What the client itself has to say, as it reaches `on.any`. */
export type LocalEvent =
  | Resynced
  | TabmuxError
  | Camelized<
      Extract<RelayWireEvent, { type: 'open' | 'close' | 'reconnecting' | 'permanently_disconnected' }>
    >

/** Anything that reaches `on.any`. */
export type AnyEvent = RelayEvent | LocalEvent | UnknownEvent

/** The state of the connection as this tab knows it: a frozen snapshot, the same object until it changes. */
export interface RelayStatus extends Omit<HubStatus, 'instance'> {
  /** The id of this run of the hub; null before it has answered. */
  readonly instance: string | null
  /**
   * The newest entry that this tab had handled when the snapshot was made: before the entries of the batch that it
   * came with. Null before it is attached.
   */
  readonly position: Position | null
}

/** A message that a subscription can match. */
export type MessageEvent =
  EventOf<'message.created'> | EventOf<'thread.reply'> | EventOf<'dm.received'> | EventOf<'group_dm.received'>

/**
 * Called with an event. What it returns is not waited for, but in a group; what it throws is reported as
 * `handler_failed`.
 */
export type EventHandler<E> = (event: E, meta: EventMeta) => unknown

/** Ends a subscription. Safe to call more than once. */
export type Unsubscribe = () => void

/** Options of everything that listens. */
export interface ListenOptions {
  /** Aborting it has the effect of the unsubscribe function. */
  readonly signal?: AbortSignal
}

/** Options of what listens to what is in the journal: events and `resynced`. */
export interface GroupOptions extends ListenOptions {
  /**
   * Makes the handler part of a consumer group of this name (1 to 200 characters): of all tabs of the agent that have
   * handlers in the group, one handles each event, a visible one if there is any; another takes over if that one goes,
   * freezes, or hangs for 10 s. A promise that the handler returns is waited for before the next event comes, for 5 s. All
   * tabs have to add the same handlers to a group.
   */
  readonly group?: string
}
