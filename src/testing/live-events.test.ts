import { describe, expect, test } from 'vitest'
import { ServerEventSchema } from '../protocol/index.js'
import { connect, seqs } from './fakes/wire-client.js'
import { startRelay, type RelayOptions } from './index.js'

const start = (options: RelayOptions = {}) =>
  startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' }, ...options })

describe('live events', () => {
  test('of a channel go to every agent, the author included', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const bob = await connect(relay, 'bob')
    const { id, agent_id } = relay.post({ from: 'alice', channel: 'general', text: 'hello' })
    const message = { id, agent_id, agent_name: 'alice', text: 'hello', attachments: [] }
    for (const client of [alice, bob]) {
      expect(await client.untilType('message.created')).toMatchObject({ channel: 'general', message })
    }
  })

  test('reach an agent that subscribed to no channel, or to another', async () => {
    await using relay = await start({ channels: ['general', 'random'] })
    const alice = await connect(relay, 'alice')
    alice.send({ type: 'subscribe', channels: ['random'] })
    await alice.settle()
    relay.post({ from: 'bob', channel: 'general', text: 'hello' })
    await alice.untilType('message.created')
  })

  test('go to all sockets of their agent', async () => {
    await using relay = await start()
    const clients = [await connect(relay, 'alice'), await connect(relay, 'alice')]
    relay.emit('alice', { type: 'agent.status.active', agent: { name: 'bob' }, status: 'active' })
    for (const client of clients) await client.untilType('agent.status.active')
  })

  test('of one agent go to no other', async () => {
    await using relay = await start()
    const bob = await connect(relay, 'bob')
    relay.emit('alice', { type: 'agent.status.active', agent: { name: 'bob' }, status: 'active' })
    await bob.settle()
    expect(seqs(bob.frames)).toEqual([])
  })

  test('are numbered from 1, by agent', async () => {
    await using relay = await start()
    expect(relay.emit('alice', { type: 'some.thing' })).toBe(1)
    expect(relay.emit('alice', { type: 'some.thing' })).toBe(2)
    expect(relay.emit('bob', { type: 'some.thing' })).toBe(1)
    const alice = await connect(relay, 'alice')
    relay.post({ from: 'bob', channel: 'general', text: 'third' })
    expect(await alice.untilType('message.created')).toMatchObject({ agent_seq: 3 })
  })

  test('of a direct message go to its receiver alone', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const bob = await connect(relay, 'bob')
    const { conversation_id, message } = relay.dm({ from: 'alice', to: 'bob', text: 'psst' })
    expect(await bob.untilType('dm.received')).toMatchObject({ conversation_id, message, agent_seq: 1 })
    await alice.settle()
    expect(seqs(alice.frames)).toEqual([])
  })

  test('of a conversation have the same conversation id in both directions', async () => {
    await using relay = await start()
    const there = relay.dm({ from: 'alice', to: 'bob', text: 'psst' })
    const back = relay.dm({ from: 'bob', to: 'alice', text: 'yes?' })
    expect(back.conversation_id).toBe(there.conversation_id)
  })

  test('of a reply name the parent, also where a reply is replied to', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const { id } = relay.post({ from: 'alice', channel: 'general', text: 'hello' })
    const reply = relay.reply({ from: 'bob', to: id, text: 'hi' })
    relay.reply({ from: 'alice', to: reply.id, text: 'how are you?' })
    await alice.settle()
    const replies = alice.frames.filter(({ type }) => type === 'thread.reply')
    expect(replies).toMatchObject([
      { parent_id: id, channel: 'general', message: { text: 'hi' } },
      { parent_id: id, channel: 'general', message: { text: 'how are you?' } },
    ])
  })

  test('of a reaction have no id, and the same reaction again is none', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const { id } = relay.post({ from: 'alice', channel: 'general', text: 'hello' })
    const first = relay.react({ from: 'bob', to: id, emoji: '👍' })
    expect(relay.react({ from: 'bob', to: id, emoji: '👍' })).toEqual(first)
    await alice.settle()
    const [reaction, ...more] = alice.frames.filter(({ type }) => type === 'message.reacted')
    expect(reaction).toMatchObject({ message_id: id, emoji: '👍', agent_name: 'bob', action: 'added' })
    expect(reaction).not.toHaveProperty('id')
    expect(more).toEqual([])
  })

  test('fit the schemas of the contract', async () => {
    await using relay = await start()
    const bob = await connect(relay, 'bob')
    const { id } = relay.post({ from: 'alice', channel: 'general', text: 'hello' })
    relay.reply({ from: 'alice', to: id, text: 'hi' })
    relay.react({ from: 'alice', to: id, emoji: '👍' })
    relay.dm({ from: 'alice', to: 'bob', text: 'psst' })
    await bob.settle()
    expect(seqs(bob.frames)).toEqual([1, 2, 3, 4])
    for (const frame of bob.frames) expect(ServerEventSchema.safeParse(frame).error).toBeUndefined()
  })

  test('have the time of the relay and an epoch', async () => {
    await using relay = await start({ clock: () => Date.UTC(2030, 0, 1) })
    const alice = await connect(relay, 'alice')
    relay.emit('alice', { type: 'some.thing' })
    const event = await alice.untilType('some.thing')
    expect(event).toMatchObject({ created_at: '2030-01-01T00:00:00.000Z', epoch: expect.any(String) })
  })

  test('have no optional field where those are switched off', async () => {
    await using relay = await start({ optionalFields: false })
    const alice = await connect(relay, 'alice')
    relay.emit('alice', { type: 'some.thing' })
    expect(await alice.untilType('some.thing')).toEqual({ type: 'some.thing', agent_seq: 1 })
  })

  test('that already have an agent_seq are not taken', async () => {
    await using relay = await start()
    // @ts-expect-error: the type forbids it too.
    expect(() => relay.emit('alice', { type: 'some.thing', agent_seq: 7 })).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: 'agent_seq: expected none, got 7' }),
    )
  })

  test('for an agent that does not exist are refused', async () => {
    await using relay = await start()
    expect(() => relay.emit('carol', { type: 'some.thing' })).toThrow(
      expect.objectContaining({
        code: 'not_found',
        message: 'agent: expected one of alice, bob, got "carol"',
      }),
    )
  })
})

describe('a pong', () => {
  test('has the epoch, the time and what was sent', async () => {
    await using relay = await start({ clock: () => Date.UTC(2030, 0, 1) })
    const alice = await connect(relay, 'alice')
    relay.emit('alice', { type: 'some.thing' })
    await alice.settle()
    const epoch = (await alice.untilType('some.thing'))['epoch']
    const expected = { type: 'pong', epoch, server_time: '2030-01-01T00:00:00.000Z', sent_seq: 1 }
    expect(await alice.untilType('pong')).toEqual(expected)
  })

  test('is bare where the optional fields are switched off', async () => {
    await using relay = await start({ optionalFields: false })
    const alice = await connect(relay, 'alice')
    await alice.settle()
    expect(alice.frames).toEqual([{ type: 'pong' }])
  })
})
