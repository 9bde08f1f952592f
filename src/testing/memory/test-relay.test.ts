import { describe, expect, test, vi } from 'vitest'
import type { Resynced } from '../../index.js'
import { createTestRelay, type TestRelay } from './index.js'

/** Writes down what the handlers of a relay are told. */
const listen = ({ relay }: Pick<TestRelay, 'relay'>) => {
  const texts: string[] = []
  const told: string[] = []
  const resyncs: Resynced[] = []
  relay.on.messageCreated(({ message }) => void texts.push(message.text))
  relay.on.any(({ type }) => void told.push(type))
  relay.on.resynced((resynced) => void resyncs.push(resynced))
  return { texts, told, resyncs }
}

describe('createTestRelay', () => {
  test('gives a relay that gets ready, and then what is emitted, by the time that emit resolves', async () => {
    const { relay, emit, post } = createTestRelay()
    const { texts, told } = listen({ relay })
    await relay.ready
    expect(relay.status.state).toBe('connected')
    await post({ text: 'hello' })
    expect(texts).toEqual(['hello'])
    expect(await emit({ type: 'novel.thing', some_field: 1 })).toBe(2)
    expect(told).toContain('novel.thing')
    expect(relay.status).toMatchObject({ agentSeq: 2, tabs: 1, persistence: { mode: 'memory' } })
  })

  test('gives an event to handlers as the real one does: camelCase, with what is known of it', async () => {
    const { relay, post } = createTestRelay()
    const handler = vi.fn<(...told: unknown[]) => void>()
    relay.on.messageCreated(handler)
    const { id } = await post({ text: 'hello', from: 'bob' })
    expect(handler).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        channel: 'general',
        message: expect.objectContaining({ id, agentName: 'bob' }),
      }),
      { offset: 1, agentSeq: 1, replayed: false },
    )
  })

  test('does not miss what is emitted before the app has waited for it', async () => {
    const { relay, post } = createTestRelay()
    const { texts } = listen({ relay })
    await post({ text: 'early' })
    expect(texts).toEqual(['early'])
  })

  test('brings what was missed by a resync, in order, and once', async () => {
    const { relay, post, disconnect, reconnect } = createTestRelay()
    const { texts, told, resyncs } = listen({ relay })
    await post({ text: 'before' })
    await disconnect()
    expect(relay.status.state).toBe('reconnecting')
    await post({ text: 'missed' })
    expect(texts).toEqual(['before'])
    await reconnect()
    expect(texts).toEqual(['before', 'missed'])
    expect(resyncs).toMatchObject([{ replayed: 1, gapDetected: false, source: 'relay' }])
    expect(told.filter((type) => !type.includes('.'))).toEqual([
      'open',
      'close',
      'reconnecting',
      'open',
      'resynced',
    ])
  })

  test('tells a gap where there is one', async () => {
    const { relay, post, resync } = createTestRelay()
    const { texts, resyncs } = listen({ relay })
    await post({ text: 'before' })
    await resync()
    expect(resyncs).toMatchObject([{ gapDetected: false }])
    await resync({ gap: true })
    expect(resyncs[1]).toMatchObject({ gapDetected: true, cause: 'ring_exceeded' })
    await post({ text: 'after' })
    expect(texts).toEqual(['before', 'after'])
  })

  test('does what the server does: replays from the database, and sees that its counter starts again', async () => {
    const { relay, post, disconnect, reconnect, server } = createTestRelay({ server: { ringSize: 2 } })
    const { texts, resyncs } = listen({ relay })
    await post({ text: 'before' })
    await disconnect()
    for (let count = 1; count <= 5; count++) await post({ text: `missed ${count}` })
    await reconnect()
    expect(texts).toEqual(['before', 'missed 1', 'missed 2', 'missed 3', 'missed 4', 'missed 5'])
    expect(resyncs[0]).toMatchObject({ gapDetected: true, cause: 'ring_exceeded' })
    await disconnect()
    server.resetCounter()
    await post({ text: 'anew' })
    await reconnect()
    expect(texts.at(-1)).toBe('anew')
    expect(resyncs.at(-1)).toMatchObject({ gapDetected: true, cause: 'counter_reset' })
  })

  test('has no second that passes by itself: the hub waits until the test lets it', async () => {
    const { relay, disconnect, advance } = createTestRelay()
    const attempts: number[] = []
    relay.on.error(() => undefined)
    relay.on.reconnecting((attempt) => void attempts.push(attempt))
    await relay.ready
    await disconnect()
    expect(attempts).toEqual([1])
    await advance(999)
    expect(attempts).toEqual([1])
    await advance(1)
    expect(attempts).toEqual([1, 2])
  })

  test('notices a socket that is dead without a word', async () => {
    const { relay, post, server, advance, settled } = createTestRelay({ connect: { pingIntervalMs: 1_000 } })
    const { texts, told } = listen({ relay })
    await post({ text: 'before' })
    server.goDeaf(true)
    server.goDeaf(false)
    await post({ text: 'unheard' })
    expect(texts).toEqual(['before'])
    await advance(13_000)
    await settled()
    expect(told).toContain('close')
    expect(texts).toEqual(['before', 'unheard'])
  })

  test('gives up, and starts again when the app asks for it', async () => {
    const { relay, disconnect, advance, server, settled } = createTestRelay({
      connect: { maxReconnectAttempts: 1 },
    })
    const gaveUp: number[] = []
    relay.on.error(() => undefined)
    relay.on.permanentlyDisconnected((attempt) => void gaveUp.push(attempt))
    await relay.ready
    await disconnect()
    await advance(1_000)
    expect(gaveUp).toEqual([1])
    server.refuse(false)
    relay.reconnect()
    await settled()
    expect(relay.status.state).toBe('connected')
  })

  test('opens more tabs, which get the same over one socket', async () => {
    const kit = createTestRelay()
    const { texts } = listen(kit)
    await kit.post({ text: 'before' })
    const other = listen({ relay: kit.openTab() })
    const all = listen({ relay: kit.openTab({ from: 'journal' }) })
    await kit.post({ text: 'after' })
    expect(texts).toEqual(['before', 'after'])
    expect(other.texts).toEqual(['after'])
    expect(all.texts).toEqual(['before', 'after'])
    expect(kit.server.sockets('alice')).toHaveLength(1)
    expect(kit.relay.status.tabs).toBe(3)
  })

  test('takes what the app sends, and what it subscribes to', async () => {
    const { relay, server, settled } = createTestRelay()
    await relay.ready
    const off = relay.subscribe(['general'])
    await settled()
    expect(server.sockets('alice')[0]?.channels).toEqual(['general'])
    off()
    await relay.send({ type: 'ping' })
    await settled()
    expect(server.received('alice').map(({ frame }) => frame.type)).toContain('unsubscribe')
    await expect(relay.send({ type: 'resync' })).rejects.toMatchObject({ code: 'invalid_argument' })
  })

  test('reads its history, iterates, and refuses a frame that is malformed', async () => {
    const { relay, post, server, settled } = createTestRelay()
    const errors: string[] = []
    relay.on.error(({ code }) => void errors.push(code))
    const events = relay.events()
    await post({ text: 'one' })
    server.sendRaw('alice', '{"type":"message.created"}')
    await settled()
    expect(errors).toEqual(['invalid_frame'])
    expect((await relay.history()).map(({ event }) => event.type)).toEqual(['message.created'])
    expect((await events.next()).value).toMatchObject({ event: { type: 'message.created' } })
  })

  test('logs out: all tabs close', async () => {
    const { relay, openTab, settled } = createTestRelay()
    const other = openTab()
    await Promise.all([relay.ready, other.ready])
    await relay.logout()
    await settled()
    expect([relay.status.state, other.status.state]).toEqual(['closed', 'closed'])
  })

  test('closes one tab, and the others go on', async () => {
    const { relay, openTab, post } = createTestRelay()
    const other = openTab()
    const { texts } = listen({ relay: other })
    await Promise.all([relay.ready, other.ready])
    relay.close()
    await post({ text: 'after' })
    expect(texts).toEqual(['after'])
    expect(other.status.tabs).toBe(1)
  })

  test('refuses a wrong token as the server is told to', async () => {
    const { relay, settled } = createTestRelay({
      connect: { token: 'at_wrong' },
      server: { refuseTokens: 'close' },
    })
    const codes: string[] = []
    relay.on.error(({ code }) => void codes.push(code))
    await settled()
    expect(codes).toEqual(['unauthorized'])
    expect(relay.status.state).toBe('disconnected')
  })

  test('waits for no timer, so a test can fake them', async () => {
    vi.useFakeTimers()
    try {
      const { relay, post, resync } = createTestRelay()
      const { texts, resyncs } = listen({ relay })
      await post({ text: 'hello' })
      await resync()
      expect([texts, resyncs.length]).toEqual([['hello'], 1])
    } finally {
      vi.useRealTimers()
    }
  })

  test('says what an option of connect is expected to be', () => {
    expect(() => createTestRelay({ connect: { pingIntervalMs: -1 } })).toThrow(/pingIntervalMs/)
  })

  test('ends with its scope', async () => {
    let seen: TestRelay['relay'] | undefined
    {
      using kit = createTestRelay()
      seen = kit.relay
      await seen.ready
    }
    expect(seen.status.state).toBe('closed')
  })
})
