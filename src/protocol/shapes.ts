/**
 * What `server-events.ts` says, as plain data for the worker: zod is as large as the rest of the worker, and checks a
 * frame several times slower. A test derives this table from the schemas, so the two cannot differ.
 */

/**
 * The shape of a JSON value: of a named kind, one of the values `a|b`, a list of one shape, or an object. A field with `?`
 * after its name may be missing, one with `~` may be null; fields that are not named may be anything.
 */
export type Shape = string | readonly [Shape] | { readonly [field: string]: Shape }

const message = {
  id: 'string',
  'agent_id?': 'string',
  agent_name: 'string',
  text: 'string',
  'attachments?': [{ file_id: 'string', filename: 'string', content_type: 'string', size_bytes: 'number' }],
  'injection_mode?': 'wait|steer',
} as const satisfies Shape

const channelMessage = { id: 'guid', channel: 'string', message } as const
const directMessage = { id: 'guid', conversation_id: 'string', message } as const
const agentStatus = { agent: { name: 'string' }, status: 'string' } as const
const channel = { channel: { name: 'string', 'topic~': 'string' } } as const
const membership = { channel: 'string', agent_name: 'string' } as const
const actionEnd = {
  invocation_id: 'string',
  action_name: 'string',
  status: 'string',
  'output~': 'object',
  'error~': 'string',
} as const

/** The fields of each type of event, but those that any event may carry. */
const events = {
  'message.created': channelMessage,
  'message.updated': { channel: 'string', message },
  'message.reacted': {
    message_id: 'string',
    emoji: 'string',
    agent_name: 'string',
    'action?': 'added|removed',
  },
  'message.read': { message_id: 'string', agent_name: 'string', read_at: 'string' },
  'thread.reply': { ...channelMessage, parent_id: 'string' },
  'dm.received': directMessage,
  'group_dm.received': directMessage,
  'agent.status.active': agentStatus,
  'agent.status.idle': agentStatus,
  'agent.status.blocked': agentStatus,
  'agent.status.waiting': agentStatus,
  'agent.status.offline': agentStatus,
  'agent.status.changed': agentStatus,
  'channel.created': channel,
  'channel.updated': channel,
  'channel.archived': { channel: { name: 'string' } },
  'member.joined': membership,
  'member.left': membership,
  'member.channel_muted': membership,
  'member.channel_unmuted': membership,
  'file.uploaded': { file: { file_id: 'string', filename: 'string', uploaded_by: 'string' } },
  'webhook.received': {
    webhook_id: 'string',
    channel: 'string',
    message: { id: 'string', text: 'string', 'source~': 'string', 'author?~': 'string' },
  },
  'action.invoked': {
    invocation_id: 'string',
    action_name: 'string',
    caller_name: 'string',
    handler_agent_id: 'string',
    'handler_agent_name?': 'string',
  },
  'action.completed': actionEnd,
  'action.failed': actionEnd,
  'action.denied': { action_name: 'string', 'caller_name~': 'string', error: 'string' },
  'delivery.accepted': {
    delivery_id: 'string',
    message_id: 'string',
    'channel_id?~': 'string',
    'reason?~': 'string',
  },
  'delivery.delivered': { delivery_id: 'string', message_id: 'string' },
  'delivery.deferred': {
    delivery_id: 'string',
    message_id: 'string',
    'available_at~': 'string',
    'reason?~': 'string',
  },
  'delivery.failed': {
    'delivery_id~': 'string',
    message_id: 'string',
    'error?~': 'string',
    'retryable?~': 'boolean',
  },
} as const satisfies { readonly [type: string]: Shape }

const withSeq = ([type, shape]: [string, { readonly [field: string]: Shape }]): [string, Shape] => [
  type,
  { ...shape, 'agent_seq?': 'count' },
]

/** By type: every frame that the relay sends and this version of the contract knows. */
export const frameShapes: { readonly [type: string]: Shape } = {
  ...Object.fromEntries(Object.entries(events).map(withSeq)),
  pong: {},
  resync_ack: { last_seen_seq: 'number', current_seq: 'count', replayed: 'number', gap_detected: 'boolean' },
}

/** The types of the client's own events: from a relay they would pass for what the client itself says. */
export const localTypes: readonly string[] = [
  'open',
  'close',
  'error',
  'reconnecting',
  'permanently_disconnected',
  'resynced',
]
