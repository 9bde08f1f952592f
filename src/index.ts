/**
 * What a page imports: {@link connect}, and the types of what it gives.
 * @module
 */
export { connect, initialStatus } from './client.js'
export { TabmuxError } from './errors.js'
export { eventMethods } from './event-methods.js'
export { VERSION } from './version.js'
export type { ConnectOptions, HistoryEntry, Listen, On, Relay, StreamEventsOptions, Trace } from './api.js'
export type {
  ClientFrame,
  ConnectionOptions,
  ConnectionState,
  CursorReport,
  DroppedFrame,
  ErrorCode,
  HubStatus,
  Persist,
  Persistence,
  Position,
  RelayReport,
  ResyncRecord,
  ResyncReport,
  SocketChange,
  StartFrom,
  StorageOptions,
  TabReport,
} from './bridge.js'
export type { EventMethod, EventMethods } from './event-methods.js'
export type {
  AnyEvent,
  EventHandler,
  EventMeta,
  EventOf,
  GroupOptions,
  ListenOptions,
  LocalEvent,
  MessageEvent,
  RelayEvent,
  RelayEventType,
  RelayStatus,
  Resynced,
  UnknownEvent,
  Unsubscribe,
} from './events.js'
export type { Logger } from './logger.js'
export type { GapCause, GapSource } from './protocol/index.js'
