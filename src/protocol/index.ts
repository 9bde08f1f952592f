/**
 * The wire contract as zod/mini schemas, and the mapping to camelCase. `PROTOCOL.md` says what the fields mean.
 * @module
 */
export { ClientEventSchema, type ClientEvent } from './client-events.js'
export {
  PongSchema,
  ResyncAckSchema,
  ServerEventSchema,
  type Pong,
  type ResyncAck,
  type ServerEvent,
} from './server-events.js'
export {
  GapCauseSchema,
  GapSourceSchema,
  RelayEventSchema,
  ResyncedSchema,
  type GapCause,
  type GapSource,
  type RelayWireEvent,
  type ResyncedWire,
} from './relay-events.js'
export { camelize, type CamelKey, type Camelize } from './camel.js'
