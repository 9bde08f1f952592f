export { connect } from './client.js'
export { TabmuxError } from './errors.js'
export { VERSION } from './version.js'
export type { ConnectOptions, HistoryEntry, Listen, On, Relay } from './api.js'
export type {
  ClientFrame,
  ConnectionOptions,
  ConnectionState,
  ErrorCode,
  HubStatus,
  Persistence,
  Position,
  ResyncReport,
  StartFrom,
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
export type { GapCause, GapSource } from './protocol/index.js'
