/**
 * The reference relay for tests, in Node.js: {@link startRelay}.
 * @module
 */
export { startRelay, type ReferenceRelay, type RestartOptions } from './relay.js'
export type { RelayOptions } from './options.js'
export type { EmittedEvent, RelayPublishing } from './publishing.js'
export type { AddedReaction, DmAnswer, MessageAnswer, ReactionGroup } from './answers.js'
export type { DelayOptions, LossOptions, RelayFaults, Release } from './faults.js'
export type { ResyncStep } from './holds.js'
export type { RelayInspection, SocketInfo } from './inspection.js'
export type { BadFrame, ReceivedFrame, RelayStats, SocketChange } from './core.js'
export { RelayError, type RelayErrorCode } from './errors.js'
