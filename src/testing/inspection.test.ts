import { expect, test, vi } from 'vitest'
import { connect } from './fakes/wire-client.js'
import { startRelay, type RelayOptions } from './index.js'

const start = (options: RelayOptions = {}) =>
  startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' }, ...options })

test('sockets tells what each open socket is', async () => {
  await using relay = await start({ clock: () => 1_000 })
  const alice = await connect(relay, 'alice')
  alice.send({ type: 'subscribe', channels: ['general', 'random', 'all'] })
  alice.send({ type: 'unsubscribe', channels: ['random'] })
  await alice.settle()
  expect(relay.sockets('alice')).toEqual([
    {
      id: expect.any(String),
      agent: 'alice',
      openedAt: 1_000,
      channels: ['all', 'general'],
      framesReceived: 3,
      deaf: false,
    },
  ])
})

test('sockets forgets those that are closed', async () => {
  await using relay = await start()
  const first = await connect(relay, 'alice')
  await connect(relay, 'alice')
  await connect(relay, 'bob')
  expect(relay.sockets()).toHaveLength(3)
  first.close()
  await vi.waitFor(() => expect(relay.sockets('alice')).toHaveLength(1))
})

test('socketChanges tells in which order sockets were opened and closed', async () => {
  await using relay = await start({ clock: () => 1_000 })
  const first = await connect(relay, 'alice')
  const [firstId] = relay.sockets('alice').map(({ id }) => id)
  await connect(relay, 'bob')
  const second = await connect(relay, 'alice')
  const secondId = relay.sockets('alice')[1]?.id
  first.close()
  await vi.waitFor(() => expect(relay.sockets('alice')).toHaveLength(1))
  second.close()
  await vi.waitFor(() => expect(relay.sockets('alice')).toHaveLength(0))
  expect(relay.socketChanges('alice')).toEqual(
    [
      { socket: firstId, change: 'opened', others: 0 },
      { socket: secondId, change: 'opened', others: 1 },
      { socket: firstId, change: 'closed', others: 1 },
      { socket: secondId, change: 'closed', others: 0 },
    ].map((entry) => ({ agent: 'alice', at: 1_000, ...entry })),
  )
  expect(relay.socketChanges()).toHaveLength(5)
})

test('received has the frames of an agent over all its sockets', async () => {
  await using relay = await start({ clock: () => 1_000 })
  const bob = await connect(relay, 'bob')
  await bob.settle()
  const first = await connect(relay, 'alice')
  await first.resync(3, '2030-01-01T00:00:00.000Z')
  const second = await connect(relay, 'alice')
  await second.settle()
  const [firstId, secondId] = relay.sockets('alice').map(({ id }) => id)
  expect(relay.received('alice')).toEqual([
    {
      agent: 'alice',
      socket: firstId,
      at: 1_000,
      frame: { type: 'resync', last_seen_seq: 3, since: '2030-01-01T00:00:00.000Z' },
    },
    { agent: 'alice', socket: secondId, at: 1_000, frame: { type: 'ping' } },
  ])
  expect(relay.received()).toHaveLength(3)
})

test('stats counts connections, frames and bytes', async () => {
  await using relay = await start()
  const alice = await connect(relay, 'alice')
  await connect(relay, 'alice')
  relay.sendRaw('alice', '{"type":"ü"}')
  await alice.untilType('ü')
  expect(relay.stats).toEqual({ connections: 2, framesSent: 2, bytesSent: 26 })
})
