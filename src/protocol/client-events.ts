import * as z from 'zod/mini'

/** Frames that a client sends to the relay. `PROTOCOL.md`, "Client → relay". */
export const ClientEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), channels: z.array(z.string()) }),
  z.object({ type: z.literal('unsubscribe'), channels: z.array(z.string()) }),
  z.object({ type: z.literal('ping') }),
  z.object({
    type: z.literal('resync'),
    last_seen_seq: z.number().check(z.nonnegative()),
    since: z.optional(z.string()),
  }),
])

/** A frame that a client sends to the relay, as it goes over the wire. */
export type ClientEvent = z.infer<typeof ClientEventSchema>
