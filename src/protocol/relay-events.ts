import * as z from 'zod/mini'
import { eventSchemas, PongSchema, ResyncAckSchema } from './server-events.js'

/** Where a gap was found, and so who could not supply what is missing. */
export const GapSourceSchema = z.enum(['relay', 'journal'])

/**
 * Why a `resynced` says that there may be a gap:
 * - `ring_exceeded`: more was missed than the relay's ring holds; what is not in its database is gone.
 * - `counter_reset`: the relay lost its state and counts `agent_seq` from 1 again.
 * - `hole`: an `agent_seq` was skipped and a resync did not bring it, or one came after its turn.
 * - `no_cursor`: the connection was lost before any event had come, so there is nothing to resume from.
 * - `no_ack`: the relay did not finish its answer in time, or sent more than can be held for it.
 * - `journal_exceeded`: the tab was away for longer than the journal holds.
 * - `journal_lost`: the browser lost what the journal held (storage cleared or failing).
 */
export const GapCauseSchema = z.enum([
  'ring_exceeded',
  'counter_reset',
  'hole',
  'no_cursor',
  'no_ack',
  'journal_exceeded',
  'journal_lost',
])

/** Tells a tab that everything that could be replayed has been; in its place among the events. */
export const ResyncedSchema = z.object({
  type: z.literal('resynced'),
  replayed: z.number(),
  gap_detected: z.boolean(),
  source: GapSourceSchema,
  cause: z.optional(GapCauseSchema),
})

/** The events that the client makes itself. */
const localEventSchemas = [
  z.object({ type: z.literal('open') }),
  z.object({ type: z.literal('close') }),
  z.object({ type: z.literal('error') }),
  z.object({ type: z.literal('reconnecting'), attempt: z.number() }),
  z.object({ type: z.literal('permanently_disconnected'), attempt: z.number() }),
  ResyncedSchema,
] as const

/** Everything that a tab can be told: the relay's events and the client's own. */
export const RelayEventSchema = z.discriminatedUnion('type', [
  ...eventSchemas,
  PongSchema,
  ResyncAckSchema,
  ...localEventSchemas,
])

/** Anything that a tab can be told, as it goes over the wire. */
export type RelayWireEvent = z.infer<typeof RelayEventSchema>
/** A `resynced`, as the journal keeps it. */
export type ResyncedWire = z.infer<typeof ResyncedSchema>
/** Why there may be a gap. */
export type GapCause = z.infer<typeof GapCauseSchema>
/** Who could not supply what is missing. */
export type GapSource = z.infer<typeof GapSourceSchema>
