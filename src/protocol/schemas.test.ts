import * as relaycast from '@relaycast/types'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  ClientEventSchema,
  RelayEventSchema,
  ServerEventSchema,
  type Camelize,
  type Pong,
  type ResyncAck,
  type ServerEvent,
} from './index.js'

type Json = null | boolean | number | string | Json[] | JsonObject
interface JsonObject {
  [field: string]: Json
}
type Example = JsonObject & { readonly type: string }

/** Both zod and zod/mini schemas have it. */
interface Schema {
  safeParse(value: unknown): { readonly success: boolean }
}

const ID = '0f8fad5b-d9cb-569f-a165-70867728950e'
const attachments = [{ file_id: 'f_1', filename: 'a.png', content_type: 'image/png', size_bytes: 12 }]
const message = {
  id: 'msg_1',
  agent_id: 'ag_1',
  agent_name: 'bob',
  text: 'hello',
  attachments,
  injection_mode: 'wait',
}
const member = { channel: 'general', agent_name: 'bob' }
const topical = { channel: { name: 'general', topic: 'all' } }

const agentStatus = (status: string): Example => ({
  type: `agent.status.${status}`,
  agent: { name: 'bob' },
  status,
})

const actionEnd = (status: string): Example => ({
  type: `action.${status}`,
  invocation_id: 'inv_1',
  action_name: 'deploy',
  status,
  output: { log_lines: 3 },
  error: 'none',
})

/** One of each, with every optional field of its type. */
const serverEvents: readonly Example[] = [
  { type: 'message.created', id: ID, channel: 'general', message },
  { type: 'message.updated', channel: 'general', message },
  { type: 'thread.reply', id: ID, channel: 'general', parent_id: 'msg_0', message },
  { type: 'message.reacted', message_id: 'msg_1', emoji: '👍', agent_name: 'bob', action: 'added' },
  { type: 'message.read', message_id: 'msg_1', agent_name: 'bob', read_at: '2026-01-01T00:00:00Z' },
  { type: 'dm.received', id: ID, conversation_id: 'c_1', message },
  { type: 'group_dm.received', id: ID, conversation_id: 'c_1', message },
  agentStatus('active'),
  agentStatus('idle'),
  agentStatus('blocked'),
  agentStatus('waiting'),
  agentStatus('offline'),
  { type: 'agent.status.changed', agent: { name: 'bob' }, status: 'idle' },
  { type: 'channel.created', ...topical },
  { type: 'channel.updated', ...topical },
  { type: 'channel.archived', channel: { name: 'general' } },
  { type: 'member.joined', ...member },
  { type: 'member.left', ...member },
  { type: 'member.channel_muted', ...member },
  { type: 'member.channel_unmuted', ...member },
  { type: 'file.uploaded', file: { file_id: 'f_1', filename: 'a.png', uploaded_by: 'bob' } },
  {
    type: 'webhook.received',
    webhook_id: 'wh_1',
    channel: 'general',
    message: { id: 'msg_1', text: 'built', source: 'ci', author: 'bot' },
  },
  {
    type: 'action.invoked',
    invocation_id: 'inv_1',
    action_name: 'deploy',
    caller_name: 'alice',
    handler_agent_id: 'ag_1',
    handler_agent_name: 'bob',
    input: { dry_run: true },
  },
  actionEnd('completed'),
  actionEnd('failed'),
  { type: 'action.denied', action_name: 'deploy', caller_name: 'alice', error: 'not allowed' },
  {
    type: 'delivery.accepted',
    delivery_id: 'd_1',
    message_id: 'msg_1',
    channel_id: 'ch_1',
    reason: 'queued',
  },
  { type: 'delivery.delivered', delivery_id: 'd_1', message_id: 'msg_1' },
  {
    type: 'delivery.deferred',
    delivery_id: 'd_1',
    message_id: 'msg_1',
    available_at: '2026-01-01T00:00:00Z',
    reason: 'offline',
  },
  { type: 'delivery.failed', delivery_id: 'd_1', message_id: 'msg_1', error: 'gone', retryable: false },
  { type: 'pong' },
  { type: 'resync_ack', last_seen_seq: 3, current_seq: 9, replayed: 6, gap_detected: false },
]

const clientEvents: readonly Example[] = [
  { type: 'subscribe', channels: ['general', 'random'] },
  { type: 'unsubscribe', channels: ['general'] },
  { type: 'ping' },
  { type: 'resync', last_seen_seq: 3, since: '2026-01-01T00:00:00Z' },
]

const localEvents: readonly Example[] = [
  { type: 'open' },
  { type: 'close' },
  { type: 'error' },
  { type: 'reconnecting', attempt: 1 },
  { type: 'permanently_disconnected', attempt: 30 },
  { type: 'resynced', replayed: 6, gap_detected: true, source: 'relay', cause: 'hole' },
]

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wrongValues: readonly Json[] = [null, true, -1.5, 'something else', [], {}]

/** Every way to take one field away, or to give it another value, at any depth. */
function* mutationsOf(value: Json, path: readonly string[] = []): Generator<readonly [what: string, Json]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const [what, mutated] of mutationsOf(item, [...path, String(index)])) {
        yield [what, value.with(index, mutated)]
      }
    }
  }
  if (!isObject(value)) return
  for (const [key, field] of Object.entries(value)) {
    const at = [...path, key]
    const { [key]: _, ...rest } = value
    yield [`${at.join('.')} removed`, rest]
    for (const wrong of wrongValues)
      yield [`${at.join('.')}: ${JSON.stringify(wrong)}`, { ...value, [key]: wrong }]
    for (const [what, mutated] of mutationsOf(field, at)) yield [what, { ...value, [key]: mutated }]
  }
}

const accepts = (schema: Schema, value: unknown): boolean => schema.safeParse(value).success

/** What our schema and the public one do not agree about. */
const disagreements = (example: Example, ours: Schema, theirs: Schema): string[] =>
  [...mutationsOf(example)].flatMap(([what, mutated]) => {
    const weAccept = accepts(ours, mutated)
    return weAccept === accepts(theirs, mutated) ? [] : [`${what} → ${weAccept ? 'wider' : 'narrower'}`]
  })

/** The contract has `message.agent_id?`, the public types require it. */
const authorless = ['message.agent_id removed → wider']

/** The contract names no set of values for `status`, the public types do. */
const anyStatus = ['status: "something else" → wider']

/** Where our schemas differ on purpose. */
const deliberate: Readonly<Record<string, readonly string[]>> = {
  // The contract has `message.attachments?` for all messages; the public types require it in this one.
  'message.created': [...authorless, 'message.attachments removed → wider'],
  'message.updated': authorless,
  'thread.reply': authorless,
  'dm.received': authorless,
  'group_dm.received': authorless,
  'agent.status.active': anyStatus,
  'agent.status.idle': anyStatus,
  'agent.status.blocked': anyStatus,
  'agent.status.waiting': anyStatus,
  'agent.status.offline': anyStatus,
  'agent.status.changed': anyStatus,
  'action.completed': anyStatus,
  'action.failed': anyStatus,
  // A counter's numbers are whole and not below 0: the resync takes decisions by this one.
  resync_ack: ['current_seq: -1.5 → narrower'],
  resync: ['last_seen_seq: -1.5 → narrower'],
  // Ours alone: who could not supply what is missing, and why. The public types do not look at them.
  resynced: [
    ...['removed', 'null', 'true', '-1.5', '"something else"', '[]', '{}'].map((what) =>
      what === 'removed' ? 'source removed → narrower' : `source: ${what} → narrower`,
    ),
    ...['null', 'true', '-1.5', '"something else"', '[]', '{}'].map((what) => `cause: ${what} → narrower`),
  ],
}

const cases = (examples: readonly Example[]) => examples.map((example) => [example.type, example] as const)

const typesOf = (examples: readonly Example[]) => examples.map(({ type }) => type).toSorted()

describe('the examples', () => {
  test.each([
    ['server events', relaycast.ServerEventSchema, serverEvents],
    ['client frames', relaycast.ClientEventSchema, clientEvents],
    ['events that a tab can be told', relaycast.WsClientEventSchema, [...serverEvents, ...localEvents]],
  ])('are all %s of the public types', (_, { options }, examples) => {
    expect(options.map(({ shape }) => shape.type.value).toSorted()).toEqual(typesOf(examples))
  })

  test.each([
    ['server events', ServerEventSchema, serverEvents],
    ['client frames', ClientEventSchema, clientEvents],
    ['events that a tab can be told', RelayEventSchema, [...serverEvents, ...localEvents]],
  ])('are all %s of ours', (_, { def }, examples) => {
    expect(def.options.map(({ shape }) => shape.type.def.values[0]).toSorted()).toEqual(typesOf(examples))
  })
})

describe.each([
  ['server event', ServerEventSchema, relaycast.ServerEventSchema, cases(serverEvents)],
  ['client frame', ClientEventSchema, relaycast.ClientEventSchema, cases(clientEvents)],
  ['local event', RelayEventSchema, relaycast.WsClientEventSchema, cases(localEvents)],
])('a full %s', (_, ours, theirs, examples) => {
  test.each(examples)('%s fits our schema', (_type, example) => {
    expect(ours.safeParse(example)).toEqual({ success: true, data: example })
  })

  test.each(examples)('%s fits the public schema', (_type, example) => {
    expect(accepts(theirs, example)).toBe(true)
  })

  test.each(examples)('%s is judged the same with any field gone or wrong', (type, example) => {
    expect(disagreements(example, ours, theirs)).toEqual(deliberate[type] ?? [])
  })
})

describe('a tab can be told', () => {
  test.each(cases(serverEvents))('%s', (_, example) => {
    expect(accepts(RelayEventSchema, example)).toBe(true)
  })
})

describe('an event id', () => {
  const created = serverEvents[0]

  test.each([
    ['version 9, which no RFC has', '0f8fad5b-d9cb-969f-a165-70867728950e'],
    ['no variant bits', '0f8fad5b-d9cb-569f-0165-70867728950e'],
  ])('may have %s, which the public types refuse: not every relay sets these bits', (_, id) => {
    expect(accepts(ServerEventSchema, { ...created, id })).toBe(true)
    expect(accepts(relaycast.ServerEventSchema, { ...created, id })).toBe(false)
  })

  test.each(['', 'msg_1', `${ID}0`, ID.slice(1), ID.replace('f', 'g'), ID.replaceAll('-', '')])(
    'has the shape of a UUID, unlike "%s"',
    (id) => {
      expect(accepts(ServerEventSchema, { ...created, id })).toBe(false)
      expect(accepts(relaycast.ServerEventSchema, { ...created, id })).toBe(false)
    },
  )
})

const envelope = {
  agent_seq: 7,
  replayed: true,
  epoch: 'e1',
  created_at: '2026-01-01T00:00:00Z',
} as const

/** Each of the fields that are helpful and no reason to refuse, with what it is not. */
const wrongEnvelope = [
  ['replayed', 'true'],
  ['replayed', 1],
  ['replayed', null],
  ['epoch', 1],
  ['epoch', null],
  ['created_at', 1_767_225_600_000],
  ['created_at', null],
] as const

const isEvent = ({ type }: Example) => type !== 'pong' && type !== 'resync_ack'

describe('what any event may carry', () => {
  test.each(cases(serverEvents.filter(isEvent)))('is kept in %s', (_, example) => {
    expect(ServerEventSchema.safeParse({ ...example, ...envelope })).toEqual({
      success: true,
      data: { ...example, ...envelope },
    })
  })

  const read = { type: 'message.read', message_id: 'msg_1', agent_name: 'bob', read_at: 'now' }

  // The public types do not know these fields, so they take any value; this one is what the resync goes by.
  test.each([-1, 1.5, 2 ** 53, '7', null, true, [], {}])(
    'has the right number: agent_seq is not %j',
    (agent_seq) => {
      expect(accepts(ServerEventSchema, { ...read, agent_seq })).toBe(false)
      expect(accepts(relaycast.ServerEventSchema, { ...read, agent_seq })).toBe(true)
    },
  )

  test.each(
    cases(serverEvents.filter(isEvent)).flatMap(([type, example]) =>
      wrongEnvelope.map(([field, value]) => [field, value, type, example] as const),
    ),
  )('is no reason to refuse where it is wrong: %s is not %j in %s', (field, value, _, example) => {
    expect(accepts(ServerEventSchema, { ...example, ...envelope, [field]: value })).toBe(true)
    expect(accepts(relaycast.ServerEventSchema, { ...example, ...envelope, [field]: value })).toBe(true)
  })

  test('has types that say what may be absent', () => {
    type Read = Extract<ServerEvent, { type: 'message.read' }>
    expectTypeOf<Pick<Read, keyof typeof envelope>>().toEqualTypeOf<{
      agent_seq?: number | undefined
      replayed?: boolean | undefined
      epoch?: string | undefined
      created_at?: string | undefined
    }>()
    expectTypeOf<Pick<Camelize<Read>, 'agentSeq' | 'replayed' | 'epoch' | 'createdAt'>>().toEqualTypeOf<{
      agentSeq?: number | undefined
      replayed?: boolean | undefined
      epoch?: string | undefined
      createdAt?: string | undefined
    }>()
    expectTypeOf<Pong>().toEqualTypeOf<{
      type: 'pong'
      epoch?: string | undefined
      server_time?: string | undefined
      sent_seq?: number | undefined
    }>()
    expectTypeOf<Pick<ResyncAck, 'epoch' | 'server_time'>>().toEqualTypeOf<{
      epoch?: string | undefined
      server_time?: string | undefined
    }>()
  })
})

test.each([
  ['pong', { type: 'pong', epoch: 'e1', server_time: '2026-01-01T00:00:00Z', sent_seq: 7 }],
  [
    'resync_ack',
    {
      type: 'resync_ack',
      last_seen_seq: 3,
      current_seq: 9,
      replayed: 6,
      gap_detected: false,
      epoch: 'e1',
      server_time: '2026-01-01T00:00:00Z',
    },
  ],
])('the optional fields of %s are kept', (_, frame) => {
  expect(ServerEventSchema.safeParse(frame)).toEqual({ success: true, data: frame })
})

test.each([
  ...[1, null, true, [], {}].flatMap((wrong) => [
    ['pong', 'epoch', wrong],
    ['pong', 'server_time', wrong],
    ['resync_ack', 'epoch', wrong],
    ['resync_ack', 'server_time', wrong],
  ]),
  ...[-1, 1.5, 2 ** 53, '7', null].map((wrong) => ['pong', 'sent_seq', wrong]),
] as [string, string, Json][])(
  'an optional field of %s is no reason to refuse where it is wrong: %s is not %j',
  (type, field, wrong) => {
    const full = serverEvents.find((event) => event.type === type)
    const optional = {
      epoch: 'e1',
      server_time: '2026-01-01T00:00:00Z',
      ...(type === 'pong' && { sent_seq: 7 }),
    }
    const sound: JsonObject = { ...full, ...optional }
    expect(accepts(ServerEventSchema, { ...sound, [field]: wrong })).toBe(true)
    expect(accepts(relaycast.ServerEventSchema, { ...sound, [field]: wrong })).toBe(true)
  },
)

test.each(['message.deleted', 'MESSAGE.CREATED', 'open', 'resynced', 'subscribe', ''])(
  'a server event of type "%s" is refused: decode lets unknown types through, and not the schema',
  (type) => {
    expect(accepts(ServerEventSchema, { ...serverEvents[0], type })).toBe(false)
  },
)
