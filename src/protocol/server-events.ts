import * as z from 'zod/mini'

/**
 * The id of an event: a UUID of any version. Ids are derived from a message by hashing, and not every
 * relay sets the version bits, so the eight-four-four-four-twelve shape is all that is asked for.
 */
const eventId = z.guid()

const attachment = z.object({
  file_id: z.string(),
  filename: z.string(),
  content_type: z.string(),
  size_bytes: z.number(),
})

const message = z.object({
  id: z.string(),
  agent_id: z.optional(z.string()),
  agent_name: z.string(),
  text: z.string(),
  attachments: z.optional(z.array(attachment)),
  injection_mode: z.optional(z.enum(['wait', 'steer'])),
})

const agent = z.object({ name: z.string() })
const channelWithTopic = z.object({ name: z.string(), topic: z.nullable(z.string()) })
const output = z.nullable(z.record(z.string(), z.unknown()))
const nullish = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema))

/**
 * A field that helps where it is sound, and is nobody's loss where it is not: it is not checked, and nothing is
 * refused for it. Who reads it looks at what it is.
 */
const helpful = <T>() => z.optional(z.custom<T>())

/** What any event may carry beside the fields of its type. `PROTOCOL.md`, "Every event". */
const envelope = {
  agent_seq: z.optional(z.int().check(z.nonnegative())),
  replayed: helpful<boolean>(),
  epoch: helpful<string>(),
  created_at: helpful<string>(),
}

const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape, ...envelope })

/** The contract names no set of values for `status`, so one that is new costs no event. */
const agentStatus = <S extends string>(status: S) =>
  event(`agent.status.${status}`, { agent, status: z.string() })

const membership = <T extends string>(type: T) => event(type, { channel: z.string(), agent_name: z.string() })

/** The events of an agent: each has its `agent_seq`, is kept in the journal and reaches the handlers. */
export const eventSchemas = [
  event('message.created', { id: eventId, channel: z.string(), message }),
  event('message.updated', { channel: z.string(), message }),
  event('message.reacted', {
    message_id: z.string(),
    emoji: z.string(),
    agent_name: z.string(),
    action: z.optional(z.enum(['added', 'removed'])),
  }),
  event('message.read', { message_id: z.string(), agent_name: z.string(), read_at: z.string() }),
  event('thread.reply', { id: eventId, channel: z.string(), parent_id: z.string(), message }),
  event('dm.received', { id: eventId, conversation_id: z.string(), message }),
  event('group_dm.received', { id: eventId, conversation_id: z.string(), message }),
  agentStatus('active'),
  agentStatus('idle'),
  agentStatus('blocked'),
  agentStatus('waiting'),
  agentStatus('offline'),
  event('agent.status.changed', {
    agent,
    status: z.string(),
  }),
  event('channel.created', { channel: channelWithTopic }),
  event('channel.updated', { channel: channelWithTopic }),
  event('channel.archived', { channel: z.object({ name: z.string() }) }),
  membership('member.joined'),
  membership('member.left'),
  membership('member.channel_muted'),
  membership('member.channel_unmuted'),
  event('file.uploaded', {
    file: z.object({ file_id: z.string(), filename: z.string(), uploaded_by: z.string() }),
  }),
  event('webhook.received', {
    webhook_id: z.string(),
    channel: z.string(),
    message: z.object({
      id: z.string(),
      text: z.string(),
      source: z.nullable(z.string()),
      author: nullish(z.string()),
    }),
  }),
  event('action.invoked', {
    invocation_id: z.string(),
    action_name: z.string(),
    caller_name: z.string(),
    handler_agent_id: z.string(),
    handler_agent_name: z.optional(z.string()),
    input: z.optional(z.unknown()),
  }),
  event('action.completed', {
    invocation_id: z.string(),
    action_name: z.string(),
    status: z.string(),
    output,
    error: z.nullable(z.string()),
  }),
  event('action.failed', {
    invocation_id: z.string(),
    action_name: z.string(),
    status: z.string(),
    output,
    error: z.nullable(z.string()),
  }),
  event('action.denied', {
    action_name: z.string(),
    caller_name: z.nullable(z.string()),
    error: z.string(),
  }),
  event('delivery.accepted', {
    delivery_id: z.string(),
    message_id: z.string(),
    channel_id: nullish(z.string()),
    reason: nullish(z.string()),
  }),
  event('delivery.delivered', { delivery_id: z.string(), message_id: z.string() }),
  event('delivery.deferred', {
    delivery_id: z.string(),
    message_id: z.string(),
    available_at: z.nullable(z.string()),
    reason: nullish(z.string()),
  }),
  event('delivery.failed', {
    delivery_id: z.nullable(z.string()),
    message_id: z.string(),
    error: nullish(z.string()),
    retryable: nullish(z.boolean()),
  }),
] as const

/** The answer to a `ping`. The optional fields are the relay's to give. `PROTOCOL.md`, "Optional fields". */
export const PongSchema = z.object({
  type: z.literal('pong'),
  epoch: helpful<string>(),
  server_time: helpful<string>(),
  sent_seq: helpful<number>(),
})

/** The end of the answer to a `resync`. `PROTOCOL.md`, "Resync". */
export const ResyncAckSchema = z.object({
  type: z.literal('resync_ack'),
  last_seen_seq: z.number(),
  current_seq: z.int().check(z.nonnegative()),
  replayed: z.number(),
  gap_detected: z.boolean(),
  epoch: helpful<string>(),
  server_time: helpful<string>(),
})

/** Every frame that the relay sends and this version of the contract knows. */
export const ServerEventSchema = z.discriminatedUnion('type', [...eventSchemas, PongSchema, ResyncAckSchema])

/** A frame from the relay, as it goes over the wire. */
export type ServerEvent = z.infer<typeof ServerEventSchema>
/** A `pong`, as it goes over the wire. */
export type Pong = z.infer<typeof PongSchema>
/** A `resync_ack`, as it goes over the wire. */
export type ResyncAck = z.infer<typeof ResyncAckSchema>
