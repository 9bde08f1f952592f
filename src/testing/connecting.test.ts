import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connect } from './fakes/wire-client.js'
import { startRelay, type RelayOptions } from './index.js'

const start = (options: RelayOptions = {}) => startRelay({ agents: { alice: 'at_live_alice' }, ...options })

describe('an upgrade', () => {
  test('with a bad token is refused with HTTP 401', async () => {
    await using relay = await start()
    await expect(connect(relay, 'alice', { token: 'wrong' })).rejects.toThrow('401')
    expect(relay.stats.connections).toBe(0)
  })

  test('with a bad token is closed with 1008 where that is asked for', async () => {
    await using relay = await start({ refuseTokens: 'close' })
    const client = await connect(relay, 'alice', { token: 'wrong' })
    expect(await client.ended).toMatchObject({ code: 1008 })
    expect(relay.sockets()).toEqual([])
  })

  test('to another path is refused with HTTP 404', async () => {
    await using relay = await start()
    await expect(connect(relay, 'alice', { path: '/v2/ws' })).rejects.toThrow('404')
  })

  test('with a path that is none is refused with HTTP 400', async () => {
    await using relay = await start()
    const headers = { connection: 'upgrade', upgrade: 'websocket' }
    const [response] = await once(request(relay.url, { path: '//', headers }).end(), 'response')
    expect(response.statusCode).toBe(400)
  })

  test('from an origin that is not listed is refused with HTTP 403', async () => {
    await using relay = await start({ allowedOrigins: ['https://app.example'] })
    await expect(connect(relay, 'alice', { origin: 'https://evil.example' })).rejects.toThrow('403')
  })

  test('is taken from a listed origin, and from no browser', async () => {
    await using relay = await start({ allowedOrigins: ['https://app.example'] })
    await connect(relay, 'alice', { origin: 'https://app.example' })
    await connect(relay, 'alice')
    expect(relay.sockets('alice')).toHaveLength(2)
  })

  test('is taken from any origin where none is listed', async () => {
    await using relay = await start()
    await connect(relay, 'alice', { origin: 'https://app.example' })
    expect(relay.sockets('alice')).toHaveLength(1)
  })
})

describe('a client frame', () => {
  test.each([
    ['not JSON', '{"type"', 'expected JSON'],
    ['without a type', '{}', 'type'],
    ['of a type that is not in the contract', '{"type":"shout"}', 'type'],
    ['with a field that does not fit', '{"type":"resync","last_seen_seq":-1}', 'last_seen_seq'],
  ])('that is %s is ignored and recorded', async (_, text, reason) => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    alice.sendRaw(text)
    await alice.settle()
    expect(relay.badFrames).toEqual([
      { agent: 'alice', socket: relay.sockets()[0]?.id, text, reason: expect.stringContaining(reason) },
    ])
  })

  test('that is binary is ignored and recorded', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    alice.sendRaw(Buffer.from('{"type":"ping"}'))
    await alice.settle()
    expect(relay.badFrames).toMatchObject([{ reason: 'expected a text frame, got a binary one' }])
  })

  test('that is the 101st bad one closes the socket with 1008', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    for (let count = 0; count < 101; count += 1) alice.sendRaw('nonsense')
    expect(await alice.ended).toMatchObject({ code: 1008 })
  })

  test('over the size limit closes the socket with 1009', async () => {
    await using relay = await start({ maxPayload: 1_000 })
    const alice = await connect(relay, 'alice')
    alice.sendRaw('x'.repeat(1_001))
    expect(await alice.ended).toMatchObject({ code: 1009 })
  })
})

describe('a restart', () => {
  test('ends the sockets, keeps the address and what is stored, and goes on counting', async () => {
    await using relay = await start()
    const { url } = relay
    relay.post({ from: 'alice', channel: 'general', text: 'before' })
    const before = await connect(relay, 'alice')
    await relay.restart()
    expect(await before.ended).toMatchObject({ code: 1006 })
    expect(relay.url).toBe(url)
    const after = await connect(relay, 'alice')
    expect(await after.resync(0)).toMatchObject({ current_seq: 1, replayed: 1 })
    expect(relay.emit('alice', { type: 'some.thing' })).toBe(2)
  })

  test('without its state starts to count again, in another epoch', async () => {
    await using relay = await start()
    relay.post({ from: 'alice', channel: 'general', text: 'before' })
    const before = await (await connect(relay, 'alice')).resync(0)
    await relay.restart({ keepState: false })
    const after = await (await connect(relay, 'alice')).resync(0)
    expect(after).toMatchObject({ current_seq: 0, replayed: 0, gap_detected: false })
    expect(after['epoch']).not.toBe(before['epoch'])
  })
})

describe('a relay', () => {
  test('that is closed ends its sockets and takes no more', async () => {
    const relay = await start()
    const alice = await connect(relay, 'alice')
    await relay.close()
    await relay.close()
    expect(await alice.ended).toMatchObject({ code: 1006 })
    await expect(connect(relay, 'alice')).rejects.toThrow('ECONNREFUSED')
  })

  test('whose port is taken says so', async () => {
    await using relay = await start()
    const port = Number(new URL(relay.url).port)
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test.each(['maxPayload', 'ringSize', 'replayLimit'])('refuses a %s that is no size', async (name) => {
    const message = `${name}: expected a whole number above 0, got 0`
    await expect(start({ [name]: 0 })).rejects.toMatchObject({ code: 'invalid_request', message })
  })

  test('takes new agents, and new tokens of those it has', async () => {
    await using relay = await start()
    relay.addAgent('bob', 'at_live_bob')
    relay.addAgent('alice', 'renewed')
    await connect(relay, 'bob')
    await connect(relay, 'alice', { token: 'renewed' })
    await expect(connect(relay, 'alice')).rejects.toThrow('401')
  })

  test('refuses the token of another agent', async () => {
    await using relay = await start()
    expect(() => relay.addAgent('bob', 'at_live_alice')).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    )
  })

  test('takes new channels', async () => {
    await using relay = await start()
    relay.addChannel('random')
    expect(relay.post({ from: 'alice', channel: 'random', text: 'hello' })).toMatchObject({ text: 'hello' })
  })

  test('ignores a client that goes away in mid-handshake', async () => {
    await using relay = await start()
    const client = new WebSocket(`${relay.url.replace('http', 'ws')}/v1/ws?token=at_live_alice`)
    client.on('error', () => {})
    client.terminate()
    const alice = await connect(relay, 'alice')
    await alice.settle()
  })
})
