import { describe, expect, test, vi } from 'vitest'
import { connect, seqs, type WireClient } from './fakes/wire-client.js'
import { startRelay, type ReferenceRelay, type RelayOptions } from './index.js'

const start = (options: RelayOptions = {}) =>
  startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' }, ...options })

const emit = (relay: ReferenceRelay, count = 1): void => {
  for (let index = 0; index < count; index += 1) relay.emit('alice', { type: 'some.thing' })
}
const untilSeq = (client: WireClient, seq: number) => client.until((frame) => frame['agent_seq'] === seq)
const untilResyncs = (relay: ReferenceRelay, count = 1) =>
  vi.waitFor(() =>
    expect(relay.received().filter(({ frame }) => frame.type === 'resync')).toHaveLength(count),
  )

describe('cut', () => {
  test('ends all sockets without a closing handshake', async () => {
    await using relay = await start()
    const clients = [await connect(relay, 'alice'), await connect(relay, 'bob')]
    relay.cut()
    for (const { ended } of clients) expect(await ended).toMatchObject({ code: 1006 })
    await vi.waitFor(() => expect(relay.sockets()).toEqual([]))
  })

  test('leaves the sockets of other agents', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const bob = await connect(relay, 'bob')
    relay.cut('alice')
    await alice.ended
    await bob.settle()
  })
})

test('closeSockets closes with the code and the reason', async () => {
  await using relay = await start()
  const alice = await connect(relay, 'alice')
  relay.closeSockets(4_001, 'moved', 'alice')
  expect(await alice.ended).toEqual({ code: 4_001, reason: 'moved' })
})

test('refuse turns new sockets away until it is taken back, and leaves open ones', async () => {
  await using relay = await start()
  const open = await connect(relay, 'alice')
  relay.refuse(true)
  await expect(connect(relay, 'alice')).rejects.toThrow(/socket hang up|ECONNRESET/)
  await open.settle()
  relay.refuse(false)
  await connect(relay, 'alice')
})

describe('a deaf relay', () => {
  test('neither answers nor sends on the open sockets, ever again', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.goDeaf(true)
    alice.send({ type: 'ping' })
    emit(relay)
    relay.goDeaf(false)
    emit(relay)
    const other = await connect(relay, 'alice')
    await other.resync(0)
    expect(alice.frames).toEqual([])
    expect(relay.received('alice').map(({ frame }) => frame.type)).toEqual(['resync'])
  })

  test('does not answer a close frame either', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.goDeaf(true)
    relay.goDeaf(false)
    alice.close()
    relay.closeSockets(1_000, 'never heard')
    await (await connect(relay, 'bob')).settle()
    expect(relay.sockets('alice')).toMatchObject([{ deaf: true }])
    relay.cut()
    expect(await alice.ended).toMatchObject({ code: 1006 })
  })

  test('takes new sockets and is deaf on them', async () => {
    await using relay = await start()
    relay.goDeaf(true)
    const alice = await connect(relay, 'alice')
    relay.goDeaf(false)
    const other = await connect(relay, 'alice')
    emit(relay)
    await untilSeq(other, 1)
    expect(alice.frames).toEqual([])
    expect(relay.sockets('alice')).toMatchObject([{ deaf: true }, { deaf: false }])
  })

  test('can still cut its sockets', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.goDeaf(true)
    relay.cut()
    expect(await alice.ended).toMatchObject({ code: 1006 })
  })
})

describe('loseNext', () => {
  test('numbers events and does not send them, but a resync brings them', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.loseNext(2)
    emit(relay, 3)
    await untilSeq(alice, 3)
    expect(seqs(alice.frames)).toEqual([3])
    await alice.resync(0)
    expect(seqs(alice.frames)).toEqual([3, 1, 2, 3])
  })

  test('loses them to resyncs too where the ring is left out, and tells of no gap', async () => {
    await using relay = await start()
    relay.loseNext(2, { ring: false })
    emit(relay, 3)
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(0)).toMatchObject({ current_seq: 3, replayed: 1, gap_detected: false })
  })

  test('leaves the events of other agents', async () => {
    await using relay = await start()
    const bob = await connect(relay, 'bob')
    relay.loseNext(1, { agent: 'alice' })
    relay.post({ from: 'alice', channel: 'general', text: 'hello' })
    await bob.untilType('message.created')
  })

  test('shows in the sent_seq of a pong, as the relay did send them', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.loseNext(1)
    emit(relay)
    await alice.settle()
    expect(alice.frames).toMatchObject([{ type: 'pong', sent_seq: 1 }])
  })
})

describe('delayNext', () => {
  test('sends events after those that follow them, by hand', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const release = relay.delayNext(2)
    emit(relay, 3)
    await untilSeq(alice, 3)
    release()
    release()
    await untilSeq(alice, 2)
    expect(seqs(alice.frames)).toEqual([3, 1, 2])
  })

  test('sends events after a time', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.delayNext(1, { ms: 5 })
    emit(relay, 2)
    await untilSeq(alice, 1)
    expect(seqs(alice.frames)).toEqual([2, 1])
  })

  test('ends with its release, even if fewer events came', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.delayNext(5)()
    emit(relay)
    await untilSeq(alice, 1)
  })

  test('lets a resync bring what is late, which then comes twice', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const release = relay.delayNext(1)
    emit(relay)
    await alice.resync(0)
    release()
    await alice.settle()
    expect(seqs(alice.frames)).toEqual([1, 1])
  })

  test('holds back the sent_seq of a pong', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    emit(relay)
    const release = relay.delayNext(1)
    emit(relay, 2)
    await alice.settle()
    release()
    await alice.settle()
    expect(alice.frames.filter(({ type }) => type === 'pong')).toMatchObject([
      { sent_seq: 1 },
      { sent_seq: 3 },
    ])
  })

  test('takes its events after those of a fault made before', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.loseNext(1)
    const release = relay.delayNext(1)
    emit(relay, 3)
    release()
    await untilSeq(alice, 2)
    expect(seqs(alice.frames)).toEqual([3, 2])
  })
})

describe('delay', () => {
  test('sends every event late, in order, until it is released', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const release = relay.delay(3_600_000, { agent: 'alice' })
    emit(relay, 3)
    await alice.settle()
    expect(seqs(alice.frames)).toEqual([])
    release()
    emit(relay)
    await untilSeq(alice, 4)
    expect(seqs(alice.frames)).toEqual([1, 2, 3, 4])
  })

  test('sends what it has delayed when its time has come', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    relay.delay(5)
    emit(relay, 3)
    await untilSeq(alice, 3)
    expect(seqs(alice.frames)).toEqual([1, 2, 3])
  })
})

describe('holdSends', () => {
  test('makes current_seq run ahead of what was sent, and of the ring', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const release = relay.holdSends('alice')
    emit(relay, 2)
    expect(await alice.resync(0)).toMatchObject({ current_seq: 2, replayed: 0, gap_detected: false })
    release()
    await untilSeq(alice, 2)
    expect(seqs(alice.frames)).toEqual([1, 2])
  })

  test('puts the events in the ring when it is released', async () => {
    await using relay = await start()
    const release = relay.holdSends()
    emit(relay, 2)
    release()
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(0)).toMatchObject({ replayed: 2 })
  })
})

describe('dieBetweenReplays', () => {
  test('gives the ring and ends the socket before the database and the acknowledgement', async () => {
    await using relay = await start({ ringSize: 2 })
    for (const text of ['one', 'two', 'three']) relay.post({ from: 'bob', channel: 'general', text })
    relay.dieBetweenReplays(true)
    const alice = await connect(relay, 'alice')
    alice.send({ type: 'resync', last_seen_seq: 0, since: new Date(0).toISOString() })
    expect(await alice.ended).toMatchObject({ code: 1006 })
    expect(alice.frames).toMatchObject([{ agent_seq: 2 }, { agent_seq: 3 }])
  })

  test('happens once', async () => {
    await using relay = await start()
    relay.dieBetweenReplays(true)
    const first = await connect(relay, 'alice')
    first.send({ type: 'resync', last_seen_seq: 0 })
    await first.ended
    const second = await connect(relay, 'alice')
    await second.resync(0)
  })

  test('can be taken back', async () => {
    await using relay = await start()
    relay.dieBetweenReplays(true)
    relay.dieBetweenReplays(false)
    await (await connect(relay, 'alice')).resync(0)
  })
})

describe('pauseResync', () => {
  test('lets live events come among the replayed ones', async () => {
    await using relay = await start({ ringSize: 1 })
    for (const text of ['one', 'two']) relay.post({ from: 'bob', channel: 'general', text })
    const resume = relay.pauseResync()
    const alice = await connect(relay, 'alice')
    alice.send({ type: 'resync', last_seen_seq: 0, since: new Date(0).toISOString() })
    await untilSeq(alice, 2)
    emit(relay)
    await untilSeq(alice, 3)
    resume()
    resume()
    const ack = await alice.untilType('resync_ack')
    expect(alice.frames).toMatchObject([
      { agent_seq: 2 },
      { agent_seq: 3, type: 'some.thing' },
      { replayed: true, message: { text: 'one' } },
      { replayed: true, message: { text: 'two' } },
      { type: 'resync_ack' },
    ])
    expect(ack).toMatchObject({ current_seq: 3, replayed: 3 })
  })

  test('before the ring lets live events come first, which are then replayed as well', async () => {
    await using relay = await start()
    const resume = relay.pauseResync('ring')
    const alice = await connect(relay, 'alice')
    alice.send({ type: 'resync', last_seen_seq: 0 })
    await untilResyncs(relay)
    emit(relay)
    resume()
    expect(await alice.untilType('resync_ack')).toMatchObject({ current_seq: 1, replayed: 1 })
    expect(seqs(alice.frames)).toEqual([1, 1])
  })

  test('before the acknowledgement lets live events come last', async () => {
    await using relay = await start()
    emit(relay)
    const resume = relay.pauseResync('ack')
    const alice = await connect(relay, 'alice')
    alice.send({ type: 'resync', last_seen_seq: 0 })
    await untilSeq(alice, 1)
    emit(relay)
    resume()
    expect(await alice.untilType('resync_ack')).toMatchObject({ current_seq: 2, replayed: 1 })
    expect(seqs(alice.frames)).toEqual([1, 2])
  })

  test('leaves out the sent_seq of a pong, which does not yet hold on this socket', async () => {
    await using relay = await start()
    const resume = relay.pauseResync()
    const alice = await connect(relay, 'alice')
    alice.send({ type: 'resync', last_seen_seq: 0 })
    await alice.settle()
    resume()
    await alice.untilType('resync_ack')
    await alice.settle()
    const [during, after] = alice.frames.filter(({ type }) => type === 'pong')
    expect(during).not.toHaveProperty('sent_seq')
    expect(after).toHaveProperty('sent_seq')
  })
})

describe('resetCounter', () => {
  test('starts again at 1, with an empty ring, in another epoch', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    emit(relay, 2)
    const before = await alice.resync(0)
    relay.resetCounter('alice')
    emit(relay)
    const later = await connect(relay, 'alice')
    const after = await later.resync(0)
    expect(after).toMatchObject({ current_seq: 1, replayed: 1, gap_detected: false })
    expect(after['epoch']).not.toBe(before['epoch'])
  })

  test('forgets what waits to be sent', async () => {
    await using relay = await start()
    const alice = await connect(relay, 'alice')
    const release = relay.holdSends()
    emit(relay, 2)
    relay.resetCounter()
    release()
    emit(relay)
    await alice.settle()
    expect(seqs(alice.frames)).toEqual([1])
  })

  test('leaves other agents', async () => {
    await using relay = await start()
    emit(relay)
    relay.resetCounter('bob')
    emit(relay)
    const alice = await connect(relay, 'alice')
    expect(await alice.resync(0)).toMatchObject({ current_seq: 2 })
  })
})

test('loseRing empties the ring and leaves the counter', async () => {
  await using relay = await start()
  emit(relay, 2)
  relay.loseRing('alice')
  emit(relay)
  const alice = await connect(relay, 'alice')
  expect(await alice.resync(0)).toMatchObject({ current_seq: 3, replayed: 1, gap_detected: true })
})

test('shiftClock moves the time of what the relay says, each time further', async () => {
  await using relay = await start({ clock: () => Date.UTC(2030, 0, 1) })
  relay.shiftClock(60_000)
  relay.shiftClock(-1_000)
  const alice = await connect(relay, 'alice')
  await alice.settle()
  expect(await alice.untilType('pong')).toMatchObject({ server_time: '2030-01-01T00:00:59.000Z' })
})

test('sendRaw sends a text as it is', async () => {
  await using relay = await start()
  const alice = await connect(relay, 'alice')
  relay.sendRaw('alice', '{ "type": "message.created", "id": 7 }')
  expect(await alice.untilType('message.created')).toEqual({ type: 'message.created', id: 7 })
})
