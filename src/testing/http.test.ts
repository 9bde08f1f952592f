import {
  AddedReactionSchema,
  AgentSchema,
  ApiErrorSchema,
  ChannelSchema,
  MessageWithMetaSchema,
  SendDmResponseSchema,
} from '@relaycast/types'
import { describe, expect, test } from 'vitest'
import { connect, seqs } from './fakes/wire-client.js'
import { startRelay, type ReferenceRelay, type RelayOptions } from './index.js'

const start = (options: RelayOptions = {}) =>
  startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' }, ...options })

interface Answer {
  readonly status: number
  readonly data: unknown
  readonly error: unknown
}

const call = async (relay: ReferenceRelay, path: string, init: RequestInit = {}): Promise<Answer> => {
  const headers = { authorization: 'Bearer at_live_alice', ...init.headers }
  const response = await fetch(relay.url + path, { ...init, headers })
  const { data, error } = await response.json()
  return { status: response.status, data, error }
}
const post = (relay: ReferenceRelay, path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(relay, path, { method: 'POST', body: JSON.stringify(body), headers })

describe('the HTTP API', () => {
  test('posts a message', async () => {
    await using relay = await start()
    const bob = await connect(relay, 'bob')
    const { status, data } = await post(relay, '/v1/channels/general/messages', {
      text: 'hello',
      mode: 'wait',
    })
    expect(status).toBe(201)
    const { id } = MessageWithMetaSchema.parse(data)
    expect(await bob.untilType('message.created')).toMatchObject({ message: { id, text: 'hello' } })
  })

  test('replies to a message', async () => {
    await using relay = await start()
    const { id } = relay.post({ from: 'bob', channel: 'general', text: 'hello' })
    const { status, data } = await post(relay, `/v1/messages/${id}/replies`, { text: 'hi' })
    expect(status).toBe(201)
    expect(MessageWithMetaSchema.parse(data)).toMatchObject({ thread_id: id, text: 'hi' })
  })

  test('reacts to a message', async () => {
    await using relay = await start()
    const { id } = relay.post({ from: 'bob', channel: 'general', text: 'hello' })
    const { status, data } = await post(relay, `/v1/messages/${id}/reactions`, { emoji: '👍' })
    expect(status).toBe(201)
    expect(AddedReactionSchema.parse(data)).toMatchObject({ message_id: id, agent_name: 'alice' })
  })

  test('sends a direct message', async () => {
    await using relay = await start()
    const { status, data } = await post(relay, '/v1/dm', { to: 'bob', text: 'psst' })
    expect(status).toBe(201)
    expect(SendDmResponseSchema.parse(data)).toMatchObject({ message: { text: 'psst', agent_name: 'alice' } })
  })

  test('lists the messages of a channel, newest first, with what others made of them', async () => {
    await using relay = await start()
    const first = relay.post({ from: 'alice', channel: 'general', text: 'first' })
    relay.post({ from: 'bob', channel: 'general', text: 'second' })
    relay.reply({ from: 'bob', to: first.id, text: 'a reply' })
    for (const from of ['alice', 'bob']) relay.react({ from, to: first.id, emoji: '👍' })
    const { status, data } = await call(relay, '/v1/channels/general/messages')
    expect(status).toBe(200)
    expect(MessageWithMetaSchema.array().parse(data)).toMatchObject([
      { text: 'second', reply_count: 0, reactions: [] },
      { text: 'first', reply_count: 1, reactions: [{ emoji: '👍', count: 2, agents: ['alice', 'bob'] }] },
    ])
  })

  test.each([
    ['limit=2', ['five', 'four']],
    ['before=three', ['two', 'one']],
    ['after=three', ['five', 'four']],
    ['after=one&before=five&limit=2', ['four', 'three']],
  ])('lists a page of messages: %s', async (query, expected) => {
    await using relay = await start()
    const texts = ['one', 'two', 'three', 'four', 'five']
    const ids = new Map(texts.map((text) => [text, relay.post({ from: 'bob', channel: 'general', text }).id]))
    const withIds = query.replace(/=([a-z]+)/g, (_, text: string) => `=${ids.get(text)}`)
    const { data } = await call(relay, `/v1/channels/general/messages?${withIds}`)
    expect(
      MessageWithMetaSchema.array()
        .parse(data)
        .map(({ text }) => text),
    ).toEqual(expected)
  })

  test('lists the channels', async () => {
    await using relay = await start({ channels: ['general', 'random'] })
    const { data } = await call(relay, '/v1/channels')
    expect(ChannelSchema.array().parse(data)).toMatchObject([
      { name: 'general', member_count: 2 },
      { name: 'random', member_count: 2 },
    ])
  })

  test('tells an agent who it is, and not its token', async () => {
    await using relay = await start()
    const { data } = await call(relay, '/v1/agent')
    expect(AgentSchema.parse(data)).toMatchObject({ name: 'alice', status: 'offline' })
    expect(JSON.stringify(data)).not.toContain('at_live_alice')
    await connect(relay, 'alice')
    expect((await call(relay, '/v1/agent')).data).toMatchObject({ status: 'online' })
  })

  test('tells anyone that it is well', async () => {
    await using relay = await start()
    const response = await fetch(`${relay.url}/health`)
    expect(await response.json()).toEqual({ ok: true, data: { status: 'ok' } })
  })
})

describe('an Idempotency-Key', () => {
  const path = '/v1/channels/general/messages'

  test('gives the same answer to the same request, and no second message', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const first = await post(relay, path, { text: 'hello' }, { 'idempotency-key': 'k1' })
    expect(await post(relay, path, { text: 'hello' }, { 'idempotency-key': 'k1' })).toEqual(first)
    await alice.settle()
    expect(seqs(alice.frames)).toEqual([1])
  })

  test('belongs to one agent', async () => {
    await using relay = await start()
    const first = await post(relay, path, { text: 'hello' }, { 'idempotency-key': 'k1' })
    const bob = { 'idempotency-key': 'k1', authorization: 'Bearer at_live_bob' }
    expect(await post(relay, path, { text: 'hello' }, bob)).not.toEqual(first)
  })

  test('with another request is a conflict', async () => {
    await using relay = await start()
    await post(relay, path, { text: 'hello' }, { 'idempotency-key': 'k1' })
    const { status, error } = await post(relay, path, { text: 'bye' }, { 'idempotency-key': 'k1' })
    expect({ status, error }).toMatchObject({ status: 409, error: { code: 'conflict' } })
  })

  test('of a request that failed can be used again', async () => {
    await using relay = await start()
    const random = '/v1/channels/random/messages'
    expect(await post(relay, random, { text: 'hello' }, { 'idempotency-key': 'k1' })).toMatchObject({
      status: 404,
    })
    relay.addChannel('random')
    expect(await post(relay, random, { text: 'hello' }, { 'idempotency-key': 'k1' })).toMatchObject({
      status: 201,
    })
  })
})

describe('a request that cannot be answered', () => {
  const messages = '/v1/channels/general/messages'
  const authorization = 'Bearer at_live_alice'
  const cases: readonly [string, string, RequestInit, number, string, string][] = [
    [
      'no token',
      messages,
      { headers: { authorization: '' } },
      401,
      'unauthorized',
      'authorization: expected Bearer',
    ],
    [
      'a bad token',
      messages,
      { headers: { authorization: 'Bearer x' } },
      401,
      'unauthorized',
      'authorization',
    ],
    ['an unknown path', '/v1/nothing', {}, 404, 'not_found', 'got /v1/nothing'],
    [
      'an unknown channel',
      '/v1/channels/x/messages',
      {},
      404,
      'not_found',
      'channel: expected one that exists, got "x"',
    ],
    [
      'another method',
      '/v1/channels',
      { method: 'PUT' },
      405,
      'method_not_allowed',
      'expected GET for /v1/channels, got PUT',
    ],
    [
      'a path that does not decode',
      '/v1/channels/%ff/messages',
      {},
      400,
      'invalid_request',
      'expected URL-encoded text',
    ],
    [
      'a limit that is none',
      `${messages}?limit=many`,
      {},
      400,
      'invalid_request',
      'limit: expected a whole number above 0, got "many"',
    ],
    [
      'a bound that is no message',
      `${messages}?before=x`,
      {},
      404,
      'not_found',
      'message: expected one that exists',
    ],
    ['no upgrade', '/v1/ws', {}, 426, 'upgrade_required', 'expected an upgrade to a WebSocket, got GET'],
    [
      'no JSON',
      messages,
      { method: 'POST', body: 'hello' },
      400,
      'invalid_request',
      'body: expected JSON, got "hello"',
    ],
    [
      'no body',
      messages,
      { method: 'POST' },
      400,
      'invalid_request',
      'body: expected JSON, got an empty string',
    ],
    [
      'a JSON array',
      messages,
      { method: 'POST', body: '[]' },
      400,
      'invalid_request',
      'expected a JSON object, got an array of 0',
    ],
    [
      'no text',
      messages,
      { method: 'POST', body: '{"text":7}' },
      400,
      'invalid_request',
      'text: expected a text that is not empty, got 7',
    ],
    [
      'a field that is missing',
      messages,
      { method: 'POST', body: '{}' },
      400,
      'invalid_request',
      'got undefined',
    ],
    [
      'too large a body',
      messages,
      { method: 'POST', body: 'x'.repeat(300) },
      413,
      'too_large',
      'expected at most 200 bytes, got 300',
    ],
    [
      'an unknown receiver',
      '/v1/dm',
      { method: 'POST', body: '{"to":"x","text":"y"}' },
      404,
      'not_found',
      'expected one of alice, bob',
    ],
  ]

  test.each(cases)('for %s says so', async (_, path, init, status, code, message) => {
    await using relay = await start({ maxPayload: 200 })
    const headers = { authorization, ...init.headers }
    const response = await fetch(relay.url + path, { ...init, headers })
    expect(response.status).toBe(status)
    const { error } = ApiErrorSchema.parse(await response.json())
    expect(error).toEqual({ code, message: expect.stringContaining(message) })
  })

  test('for its method names those that there are', async () => {
    await using relay = await start()
    const response = await fetch(`${relay.url}/v1/channels/general/messages`, { method: 'DELETE' })
    expect(response.headers.get('allow')).toBe('POST, GET')
  })

  test('for a fault of the relay says 500', async () => {
    let isBroken = false
    const clock = () => {
      if (isBroken) throw new Error('no time')
      return 0
    }
    await using relay = await start({ clock })
    isBroken = true
    const { status, error } = await post(relay, '/v1/channels/general/messages', { text: 'hello' })
    expect({ status, error }).toMatchObject({
      status: 500,
      error: { code: 'internal_error', message: 'Error: no time' },
    })
  })
})

describe('a page of another origin', () => {
  const ask = (relay: ReferenceRelay, origin: string, init: RequestInit = {}) =>
    fetch(`${relay.url}/v1/agent`, {
      ...init,
      headers: { authorization: 'Bearer at_live_alice', origin, ...init.headers },
    })

  test('may read the answer if it is listed', async () => {
    await using relay = await start({ allowedOrigins: ['https://app.example'] })
    const { status, headers } = await ask(relay, 'https://app.example')
    expect(status).toBe(200)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(headers.get('vary')).toBe('Origin')
  })

  test('may read an error too', async () => {
    await using relay = await start()
    const { status, headers } = await ask(relay, 'https://app.example', { headers: { authorization: '' } })
    expect(status).toBe(401)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
  })

  test('is refused if it is not listed', async () => {
    await using relay = await start({ allowedOrigins: ['https://app.example'] })
    const response = await ask(relay, 'https://evil.example')
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    const { error } = ApiErrorSchema.parse(await response.json())
    expect(error).toEqual({
      code: 'origin_not_allowed',
      message: 'origin: expected one of https://app.example, got https://evil.example',
    })
  })

  test('gets an answer to its preflight request', async () => {
    await using relay = await start()
    const { status, headers } = await ask(relay, 'https://app.example', {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'authorization,idempotency-key' },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(headers.get('access-control-allow-headers')).toBe('authorization,idempotency-key')
    expect(headers.get('access-control-allow-methods')).toContain('POST')
  })
})
