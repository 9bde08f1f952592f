import { describe, expect, test } from 'vitest'
import { ServerEventSchema } from '../protocol/index.js'
import { connect, seqs } from './fakes/wire-client.js'
import { startRelay, type ReferenceRelay, type RelayOptions } from './index.js'

const start = (options: RelayOptions = {}) =>
  startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' }, ringSize: 3, ...options })

const NOON = Date.UTC(2030, 0, 1, 12)
const LONG_AGO = new Date(0).toISOString()

/** Posts that alice's ring, of three events, no longer holds all. */
const postFive = (relay: ReferenceRelay) =>
  ['one', 'two', 'three', 'four', 'five'].map((text) => relay.post({ from: 'bob', channel: 'general', text }))

describe('the ring replay', () => {
  test('gives the original payloads after the last seen', async () => {
    await using relay = await start()
    const before = await connect(relay, 'alice')
    for (const text of ['one', 'two', 'three']) relay.post({ from: 'bob', channel: 'general', text })
    await before.settle()
    const live = before.frames.filter(({ type }) => type === 'message.created')
    relay.shiftClock(60_000)

    const alice = await connect(relay, 'alice')
    const ack = await alice.resync(1)
    expect(alice.frames.slice(0, -1)).toEqual(live.slice(1))
    expect(ack).toMatchObject({ last_seen_seq: 1, current_seq: 3, replayed: 2, gap_detected: false })
  })

  test('is acknowledged before the next frame of the client is answered', async () => {
    await using relay = await start()
    relay.emit('alice', { type: 'some.thing' })
    const alice = await connect(relay, 'alice')
    alice.send({ type: 'resync', last_seen_seq: 0 })
    await alice.settle()
    expect(alice.frames).toMatchObject([
      { agent_seq: 1 },
      { type: 'resync_ack' },
      { type: 'pong', sent_seq: 1 },
    ])
  })

  test('goes to the socket that asked, alone', async () => {
    await using relay = await start()
    relay.emit('alice', { type: 'some.thing' })
    const other = await connect(relay, 'alice')
    const alice = await connect(relay, 'alice')
    await alice.resync(0)
    await other.settle()
    expect(other.frames.map(({ type }) => type)).toEqual(['pong'])
  })

  test('has nothing for a client that missed nothing', async () => {
    await using relay = await start()
    relay.emit('alice', { type: 'some.thing' })
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(1, LONG_AGO)).toMatchObject({
      current_seq: 1,
      replayed: 0,
      gap_detected: false,
    })
  })

  test('is all there is where the gap is just as large as the ring', async () => {
    await using relay = await start()
    postFive(relay)
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(2, LONG_AGO)).toMatchObject({ replayed: 3, gap_detected: false })
    expect(seqs(alice.frames)).toEqual([3, 4, 5])
  })
})

describe('the database replay', () => {
  test('comes after the ring, oldest first, tagged and without numbers', async () => {
    await using relay = await start()
    postFive(relay)
    const alice = await connect(relay, 'alice')
    const ack = await alice.resync(1, LONG_AGO)
    expect(ack).toMatchObject({ current_seq: 5, replayed: 8, gap_detected: true })
    expect(alice.frames.slice(0, 3)).toMatchObject([{ agent_seq: 3 }, { agent_seq: 4 }, { agent_seq: 5 }])
    const restored = alice.frames.slice(3, -1)
    expect(restored).toMatchObject(
      ['one', 'two', 'three', 'four', 'five'].map((text) => ({ replayed: true, message: { text } })),
    )
    expect(seqs(restored)).toEqual([])
  })

  test('gives a message the event id that it had live', async () => {
    await using relay = await start()
    const before = await connect(relay, 'alice')
    postFive(relay)
    await before.settle()
    const alice = await connect(relay, 'alice')
    await alice.resync(1, LONG_AGO)
    const ids = (frames: readonly { readonly [field: string]: unknown }[]) =>
      frames.filter((frame) => 'id' in frame).map((frame) => frame['id'])
    expect(ids(alice.frames.slice(3))).toEqual(ids(before.frames))
  })

  test('has replies, direct messages to the agent and reactions without id, in the order of their making', async () => {
    let now = NOON
    await using relay = await start({ clock: () => (now += 1_000) })
    const { id } = relay.post({ from: 'bob', channel: 'general', text: 'hello' })
    relay.dm({ from: 'bob', to: 'alice', text: 'psst' })
    relay.dm({ from: 'alice', to: 'bob', text: 'not for alice' })
    relay.react({ from: 'bob', to: id, emoji: '👍' })
    relay.reply({ from: 'bob', to: id, text: 'anyone?' })
    relay.loseRing()
    const alice = await connect(relay, 'alice')
    await alice.resync(0, LONG_AGO)
    const restored = alice.frames.slice(0, -1)
    expect(restored).toMatchObject([
      { type: 'message.created', message: { text: 'hello' } },
      { type: 'dm.received', message: { text: 'psst' } },
      { type: 'message.reacted', message_id: id, emoji: '👍', agent_name: 'bob' },
      { type: 'thread.reply', parent_id: id, message: { text: 'anyone?' } },
    ])
    expect(restored[2]).not.toHaveProperty('id')
    for (const frame of restored) expect(ServerEventSchema.safeParse(frame).error).toBeUndefined()
  })

  test('leaves out the whole second of `since`', async () => {
    let now = NOON
    await using relay = await start({ clock: () => now })
    relay.post({ from: 'bob', channel: 'general', text: 'at the start of the second' })
    now = NOON + 999
    relay.post({ from: 'bob', channel: 'general', text: 'at its end' })
    now = NOON + 1_000
    relay.post({ from: 'bob', channel: 'general', text: 'in the next' })
    relay.loseRing()
    const alice = await connect(relay, 'alice')
    await alice.resync(0, new Date(NOON + 500).toISOString())
    expect(alice.frames.slice(0, -1)).toMatchObject([{ message: { text: 'in the next' } }])
  })

  test('stops at the limit, of each kind, and so cuts the newest', async () => {
    await using relay = await start({ replayLimit: 2 })
    const [first] = postFive(relay)
    for (const emoji of ['👍', '🎉', '🚀']) relay.react({ from: 'bob', to: first?.id ?? '', emoji })
    for (const text of ['a', 'b', 'c']) relay.dm({ from: 'bob', to: 'alice', text })
    relay.loseRing()
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(0, LONG_AGO)).toMatchObject({ replayed: 6 })
    const texts = alice.frames.filter(({ type }) => type !== 'message.reacted').slice(0, -1)
    expect(texts.map((frame) => frame['message'])).toMatchObject([
      { text: 'one' },
      { text: 'two' },
      { text: 'a' },
      { text: 'b' },
    ])
  })

  test('is not made without `since`, nor for one that is no time, but the gap is told', async () => {
    await using relay = await start()
    postFive(relay)
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(1)).toMatchObject({ replayed: 3, gap_detected: true })
    expect(await alice.resync(1, 'yesterday')).toMatchObject({ replayed: 3, gap_detected: true })
  })

  test('does not bring back events that are not stored', async () => {
    await using relay = await start()
    relay.emit('alice', { type: 'agent.status.active', agent: { name: 'bob' }, status: 'active' })
    relay.loseRing()
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(0, LONG_AGO)).toMatchObject({ replayed: 0, gap_detected: true })
  })

  test('has no optional field where those are switched off', async () => {
    await using relay = await start({ optionalFields: false })
    relay.post({ from: 'bob', channel: 'general', text: 'hello' })
    relay.loseRing()
    const alice = await connect(relay, 'alice')
    expect(Object.keys(await alice.resync(0, LONG_AGO))).toEqual([
      'type',
      'last_seen_seq',
      'current_seq',
      'replayed',
      'gap_detected',
    ])
    expect(alice.frames[0]).not.toHaveProperty('created_at')
  })
})

describe('a resync after a counter reset', () => {
  test('is silent about the loss, but for the lower current_seq', async () => {
    await using relay = await start()
    relay.resetCounter()
    for (let count = 0; count < 3; count += 1) relay.emit('alice', { type: 'some.thing' })
    const alice = await connect(relay, 'alice')
    const ack = await alice.resync(5_000, LONG_AGO)
    expect(ack).toMatchObject({ last_seen_seq: 5_000, current_seq: 3, replayed: 0, gap_detected: false })
  })

  test('gives the new events to a client that asks again from 0', async () => {
    await using relay = await start()
    postFive(relay)
    relay.resetCounter()
    for (let count = 0; count < 3; count += 1) relay.emit('alice', { type: 'some.thing' })
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(0)).toMatchObject({ current_seq: 3, replayed: 3, gap_detected: false })
    expect(seqs(alice.frames)).toEqual([1, 2, 3])
  })
})
