import { AgentClient, HttpClient, WsClient } from '@relaycast/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { startRelay } from './index.js'

const start = () => startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' } })

describe('the public SDK', () => {
  // Node 20 has no WebSocket of its own.
  beforeAll(() => vi.stubGlobal('WebSocket', WebSocket))
  afterAll(() => vi.unstubAllGlobals())

  test('posts, replies, reacts, sends a direct message and lists', async () => {
    await using relay = await start()
    const alice = new AgentClient(new HttpClient({ apiKey: 'at_live_alice', baseUrl: relay.url }))
    const message = await alice.post('#general', 'hello')
    expect(message).toMatchObject({ text: 'hello', agentName: 'alice' })
    expect(await alice.reply(message.id, 'hi')).toMatchObject({ text: 'hi', threadId: message.id })
    expect(await alice.react(message.id, '👍')).toMatchObject({ emoji: '👍', messageId: message.id })
    expect(await alice.dm('bob', 'psst')).toMatchObject({ message: { text: 'psst' } })
    expect(await alice.me()).toMatchObject({ name: 'alice' })
    expect(await alice.channels.list()).toMatchObject([{ name: 'general' }])
    expect(await alice.messages('general')).toMatchObject([
      { id: message.id, replyCount: 1, reactions: [{ emoji: '👍', agents: ['alice'] }] },
    ])
  })

  test('hears live events, is cut, comes back and resyncs', async () => {
    await using relay = await start()
    const client = new WsClient({ token: 'at_live_alice', baseUrl: relay.url, reconnectBaseDelayMs: 1 })
    const texts: unknown[] = []
    const resynced: unknown[] = []
    client.on('message.created', (event) => texts.push(event))
    client.on('resynced', (event) => resynced.push(event))
    client.connect()
    await vi.waitFor(() => expect(relay.sockets('alice')).toHaveLength(1))

    relay.post({ from: 'bob', channel: 'general', text: 'live' })
    await vi.waitFor(() => expect(texts).toHaveLength(1))
    relay.refuse(true)
    relay.cut('alice')
    relay.post({ from: 'bob', channel: 'general', text: 'missed' })
    relay.refuse(false)

    await vi.waitFor(() => expect(resynced).toEqual([{ type: 'resynced', replayed: 1, gapDetected: false }]))
    expect(texts).toMatchObject([
      { message: { text: 'live', agentName: 'bob' } },
      { message: { text: 'missed', agentName: 'bob' } },
    ])
    expect(relay.received('alice')).toMatchObject([{ frame: { type: 'resync', last_seen_seq: 1 } }])
    client.disconnect()
  })

  test('is turned away with a bad token', async () => {
    await using relay = await start()
    const stranger = new AgentClient(new HttpClient({ apiKey: 'wrong', baseUrl: relay.url }))
    await expect(stranger.me()).rejects.toMatchObject({ statusCode: 401 })
  })
})
