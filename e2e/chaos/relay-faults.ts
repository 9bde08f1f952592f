/** What can go wrong between the relay and the hub. */
import type { ChaosFault } from './world.js'

/** More than the relay's ring holds (`RING_SIZE` in `run.ts`). */
const BURST = 90

/** See the head of this file. */
export const relayFaults: readonly ChaosFault[] = [
  { name: 'cut', weight: 5, act: ({ relay }) => relay.cut('alice') },
  {
    name: 'closed with a code',
    weight: 2,
    act: ({ relay }, { amount }) =>
      relay.closeSockets([1000, 1001, 1011, 1012, 4000][Math.floor(amount * 5)] ?? 1000, 'chaos', 'alice'),
  },
  {
    name: 'half-open socket',
    weight: 3,
    act: ({ relay }) => {
      relay.goDeaf(true)
      relay.goDeaf(false)
    },
  },
  {
    name: 'relay unreachable',
    weight: 2,
    act: ({ relay, later }, { amount }) => {
      relay.refuse(true)
      relay.cut('alice')
      later(300 + amount * 4_000, () => relay.refuse(false))
    },
  },
  {
    name: 'unreachable under a burst',
    weight: 2,
    act: ({ relay, stream, later }, { amount }) => {
      relay.refuse(true)
      relay.cut('alice')
      stream.publishMany(BURST)
      later(100 + amount * 1_000, () => relay.refuse(false))
    },
  },
  { name: 'relay restarted', weight: 2, act: ({ stream }) => stream.restartRelay(true) },
  { name: 'relay restarted without its state', weight: 2, act: ({ stream }) => stream.restartRelay(false) },
  { name: 'counter reset on an open socket', weight: 2, act: ({ stream }) => stream.reset() },
  { name: 'burst', weight: 2, act: ({ stream }) => stream.publishMany(BURST) },
  { name: 'event lost on its way', weight: 4, act: ({ stream }) => stream.publish('lost') },
  { name: 'event gone for good', weight: 2, act: ({ stream }) => stream.publish('gone') },
  {
    name: 'events late',
    weight: 3,
    act: ({ stream }) => {
      stream.publish('late')
      stream.publish('late')
    },
  },
  {
    name: 'socket dies in the answer',
    weight: 2,
    act: ({ relay }) => {
      relay.dieBetweenReplays(true)
      relay.cut('alice')
    },
  },
  {
    name: 'answer held up',
    weight: 2,
    act: ({ relay, later }, { amount }) => {
      later(200 + amount * 2_000, relay.pauseResync(amount < 0.5 ? 'database' : 'ack'))
      relay.cut('alice')
    },
  },
  {
    name: 'ring lost',
    weight: 1,
    act: ({ stream, relay }) => {
      relay.cut('alice')
      stream.loseRing()
    },
  },
  {
    name: 'malformed frames',
    weight: 2,
    act: ({ relay }) => {
      for (const text of [
        '',
        '[]',
        '{"type":7}',
        '{"type":"message.created","id":"no"}',
        '{"type":"resynced"}',
      ])
        relay.sendRaw('alice', text)
    },
  },
]
