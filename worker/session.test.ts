import { describe, expect, test } from 'vitest'
import { ack, dm, message, novel, pong, presence, reaction } from './fakes/frames.js'
import { disconnectedAfter, messageAt, Recorder } from './fakes/recorder.js'
import { START } from './cursor.js'
import { Session } from './session.js'

const row = (name: string) => message(name, { replayed: true })

describe('a first connection', () => {
  test('asks for no resync, because there is no cursor', () => {
    const recorder = new Recorder()
    recorder.open()
    expect(recorder.resyncs).toEqual([])
  })

  test('takes events as they come', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(7), messageAt(8), presence('ann', { agent_seq: 9 }))
    expect(recorder.names).toEqual(['m7', 'm8', 'ann'])
    expect(recorder.cursor).toMatchObject({ seq: 9, era: 0 })
  })

  test('gets a cursor from a pong that says what was sent', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(pong({ sent_seq: 41, epoch: 'e1' }))
    expect(recorder.cursor).toMatchObject({ seq: 41, epoch: 'e1' })
    recorder.close()
    recorder.open()
    expect(recorder.resyncs).toEqual([41])
  })

  test('that is lost before any event has come leaves nothing to resume from, and that is told', () => {
    const recorder = new Recorder()
    recorder.open()
    expect(recorder.names).toEqual([])
    recorder.close()
    recorder.open()
    expect(recorder.names).toEqual(['resynced, gap: no_cursor'])
    expect(recorder.resyncs).toEqual([])
  })

  test('after earlier runs that have left no cursor cannot ask for what came since, and that is told', () => {
    const recorder = new Recorder()
    recorder.session.notePast()
    recorder.open()
    expect(recorder.names).toEqual(['resynced, gap: no_cursor'])
    expect(recorder.resyncs).toEqual([])
  })

  test('takes an event without a number, and still has no cursor', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(message('unnumbered'))
    expect(recorder.names).toEqual(['unnumbered'])
    expect(recorder.cursor).toBeNull()
  })
})

describe('after a reconnect', () => {
  test('a resync goes out at once, from the cursor', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    expect(recorder.resyncs).toEqual([5])
  })

  test('a restarted worker resyncs from the stored cursor', () => {
    const recorder = disconnectedAfter(5)
    recorder.crash()
    recorder.open()
    expect(recorder.resyncs).toEqual([5])
  })

  test('what was missed is appended in order, and then the notice', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(messageAt(6), messageAt(7), ack(7, { replayed: 2 }))
    expect(recorder.names).toEqual(['m6', 'm7', 'resynced'])
    expect(recorder.entries.map(({ replayed }) => replayed)).toEqual([true, true, false])
  })

  test('nothing is appended and the cursor stands still until the answer is complete', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(messageAt(6), messageAt(7))
    expect(recorder.names).toEqual([])
    expect(recorder.cursor?.seq).toBe(5)
  })

  test('the database replay, which comes after the ring replay, is put before it', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    const rows = [5, 6, 7, 8, 9, 10].map((seq) => row(`m${seq}`))
    recorder.receive(messageAt(9), messageAt(10), ...rows, ack(10, { replayed: 7, gap_detected: true }))
    expect(recorder.names).toEqual(['m6', 'm7', 'm8', 'm9', 'm10', 'resynced, gap: ring_exceeded'])
  })

  test('live events between the question and the answer go to their place', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(messageAt(8), messageAt(6), messageAt(7), messageAt(8), messageAt(9), ack(8))
    expect(recorder.names).toEqual(['m6', 'm7', 'm8', 'm9', 'resynced'])
    expect(recorder.entries.map(({ replayed }) => replayed)).toEqual([true, true, true, false, false])
  })

  test('a socket that dies before the database replay leaves the cursor where it was', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(messageAt(9), messageAt(10))
    recorder.close()
    recorder.open()
    expect(recorder.resyncs).toEqual([5, 5])
    recorder.receive(messageAt(9), messageAt(10), ...[5, 6, 7, 8].map((seq) => row(`m${seq}`)))
    recorder.receive(ack(10, { gap_detected: true }))
    expect(recorder.names).toEqual(['m6', 'm7', 'm8', 'm9', 'm10', 'resynced, gap: ring_exceeded'])
  })

  test('what was held over two sockets is still in order, also when the ring has gone on', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(messageAt(6), messageAt(7))
    recorder.close()
    recorder.open()
    // Now the ring starts at 10, and the database brings what lies between.
    recorder.receive(messageAt(10), messageAt(11), ...[5, 6, 7, 8, 9, 10, 11].map((seq) => row(`m${seq}`)))
    recorder.receive(ack(11, { gap_detected: true }))
    expect(recorder.names.slice(0, -1)).toEqual(['m6', 'm7', 'm8', 'm9', 'm10', 'm11'])
  })

  test('the cursor goes to what was received, never to a number that the relay has not sent yet', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(messageAt(6), ack(8))
    expect(recorder.cursor?.seq).toBe(6)
    recorder.receive(messageAt(7), messageAt(8))
    expect(recorder.names).toEqual(['m6', 'resynced', 'm7', 'm8'])
    expect(recorder.resyncs).toEqual([5])
  })

  test('an acknowledgement that nobody waits for is ignored', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(ack(5), ack(2))
    expect(recorder.names).toEqual(['resynced'])
    expect(recorder.resyncs).toEqual([5])
  })
})

describe('an answer of the database', () => {
  test('that begins after what is known is asked for again from further back, since clocks differ', () => {
    const recorder = disconnectedAfter(5)
    const at = recorder.now
    recorder.open()
    recorder.receive(messageAt(9), row('m8'), ack(9, { gap_detected: true }))
    expect(recorder.names).toEqual([])
    const since = recorder.sent.flatMap((frame) =>
      frame.type === 'resync' ? Date.parse(frame.since ?? '') : [],
    )
    expect(since).toEqual([at - 60_000, at - 3_600_000])
    recorder.receive(
      messageAt(9),
      ...[5, 6, 7, 8].map((seq) => row(`m${seq}`)),
      ack(9, { gap_detected: true }),
    )
    expect(recorder.names).toEqual(['m6', 'm7', 'm8', 'm9', 'resynced, gap: ring_exceeded'])
  })

  test('is not asked for again and again', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    for (let answer = 0; answer < 3; answer++) recorder.receive(row('m8'), ack(9, { gap_detected: true }))
    expect(recorder.resyncs).toEqual([5, 5, 5])
    expect(recorder.names).toEqual(['m8', 'resynced, gap: ring_exceeded'])
  })

  test('that does not come to what is known, however far back it begins, is older than that', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(ack(9, { gap_detected: true }))
    recorder.receive(
      messageAt(9),
      row('old'),
      dm('other', { replayed: true }),
      ack(9, { gap_detected: true }),
    )
    recorder.receive(messageAt(9), row('older'), ack(9, { gap_detected: true }))
    // Nothing is known of the other type, so nothing can be missed in it.
    expect(recorder.names).toEqual(['other', 'm9', 'resynced, gap: ring_exceeded'])
  })

  test('is taken as it is where nothing known can be in it', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(1))
    recorder.now += 3_600_000
    recorder.receive(presence('ann', { agent_seq: 2 }))
    recorder.close()
    recorder.open()
    recorder.receive(row('m8'), ack(9, { gap_detected: true }))
    expect(recorder.resyncs).toEqual([2])
  })

  test('that is larger than what is remembered still gives each event once', () => {
    const recorder = disconnectedAfter(1)
    recorder.open()
    const ring = Array.from({ length: 500 }, (_, index) => messageAt(3_000 + index))
    const rows = Array.from({ length: 2_400 }, (_, index) => row(`m${1_100 + index}`))
    recorder.receive(...ring, row('m1'), ...rows, ack(3_499, { gap_detected: true }))
    expect(recorder.names.slice(0, -1)).toEqual(
      Array.from({ length: 2_400 }, (_, index) => `m${1_100 + index}`),
    )
  })

  test('is remembered in the order of the journal, so that a restart changes nothing', () => {
    const recorder = disconnectedAfter(1)
    recorder.open()
    const ring = Array.from({ length: 500 }, (_, index) => messageAt(3_000 + index))
    const rows = Array.from({ length: 2_400 }, (_, index) => row(`m${1_100 + index}`))
    recorder.receive(...ring, row('m1'), ...rows, ack(3_499, { gap_detected: true }))
    const { length } = recorder.entries
    recorder.close()
    recorder.open()
    // The newest 2,000 of what was released: the ring came first, and is the newest.
    recorder.receive(...ring, ...rows.slice(-2_000), ack(3_499, { gap_detected: true }))
    expect(recorder.names.slice(length)).toEqual(['resynced, gap: ring_exceeded'])
  })

  test('gives nothing again that was known, however much comes with it', () => {
    const recorder = disconnectedAfter(300)
    recorder.open()
    recorder.receive(...Array.from({ length: 2_200 }, (_, index) => messageAt(400 + index)))
    recorder.receive(...Array.from({ length: 399 }, (_, index) => row(`m${index + 1}`)))
    recorder.receive(ack(2_599, { gap_detected: true }))
    expect(recorder.names.slice(0, -1)).toEqual(
      Array.from({ length: 2_299 }, (_, index) => `m${index + 301}`),
    )
  })

  test('that comes twice, since the socket died before its end, is not held twice', () => {
    const recorder = disconnectedAfter(1, { maxHeld: 60 })
    const answer = [
      messageAt(90),
      row('m1'),
      ...Array.from({ length: 50 }, (_, index) => row(`m${index + 40}`)),
    ]
    recorder.open()
    recorder.receive(...answer)
    recorder.close()
    recorder.open()
    recorder.receive(...answer, ack(90, { gap_detected: true }))
    expect(recorder.names.at(-1)).toBe('resynced, gap: ring_exceeded')
    expect(recorder.names).toHaveLength(52)
  })
})

describe('what is known', () => {
  test('an id is delivered once, live or replayed', () => {
    const recorder = disconnectedAfter(5)
    recorder.open()
    recorder.receive(messageAt(6), row('m4'), row('m5'), row('m6'), ack(6, { gap_detected: true }))
    recorder.receive(messageAt(6))
    expect(recorder.names).toEqual(['m6', 'resynced, gap: ring_exceeded'])
  })

  test('one id of two types is two events', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(message('same', { agent_seq: 1 }), dm('same', { agent_seq: 2 }))
    expect(recorder.names).toEqual(['same', 'same'])
  })

  test('an event without an id is known by its number', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(presence('ann', { agent_seq: 1 }), presence('ann', { agent_seq: 1 }))
    recorder.receive(presence('ann', { agent_seq: 2 }))
    expect(recorder.names).toEqual(['ann', 'ann'])
  })

  test('a reaction from the database is matched by what it says', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(1), reaction('m1', { agent_seq: 2, action: 'added' }))
    recorder.close()
    recorder.open()
    recorder.receive(messageAt(9), row('m1'))
    recorder.receive(reaction('m1', { replayed: true }), reaction('m2', { replayed: true }))
    recorder.receive(ack(9, { gap_detected: true }))
    expect(recorder.names).toEqual([
      'm1',
      'added msg_m1',
      'added msg_m2',
      'm9',
      'resynced, gap: ring_exceeded',
    ])
  })

  test('a reaction of the ring replay and its copy from the database are one, at its number', () => {
    const recorder = disconnectedAfter(1)
    recorder.open()
    recorder.receive(presence('ann', { agent_seq: 8 }), reaction('m1', { agent_seq: 9 }))
    recorder.receive(row('m1'), reaction('m1', { replayed: true }), ack(9, { gap_detected: true }))
    expect(recorder.names).toEqual(['ann', 'added msg_m1', 'resynced, gap: ring_exceeded'])
  })

  test('a reaction that the database brought first is not delivered again live', () => {
    const recorder = disconnectedAfter(1)
    recorder.open()
    recorder.receive(row('m1'), reaction('m1', { replayed: true }), ack(9, { gap_detected: true }))
    recorder.receive(reaction('m1', { agent_seq: 2 }))
    expect(recorder.names).toEqual(['added msg_m1', 'resynced, gap: ring_exceeded'])
  })

  test('a reaction that was removed can be added again', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(reaction('m1', { agent_seq: 1 }), reaction('m1', { agent_seq: 2, action: 'removed' }))
    recorder.close()
    recorder.open()
    recorder.receive(reaction('m1', { replayed: true }), ack(9, { gap_detected: true }))
    expect(recorder.names.slice(0, 3)).toEqual(['added msg_m1', 'removed msg_m1', 'added msg_m1'])
  })

  test('it is known after a restart of the worker', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(1), reaction('m1', { agent_seq: 2 }), presence('ann', { agent_seq: 3 }))
    recorder.crash()
    recorder.open()
    recorder.receive(row('m1'), reaction('m1', { replayed: true }), ack(3, { gap_detected: true }))
    expect(recorder.names).toEqual(['m1', 'added msg_m1', 'ann', 'resynced, gap: ring_exceeded'])
  })

  test('rows of the database from before the oldest one known are not delivered', () => {
    const recorder = disconnectedAfter(2)
    recorder.open()
    const rows = ['ancient', 'old', 'm1', 'm2', 'm3'].map(row)
    recorder.receive(messageAt(9), ...rows, ack(9, { gap_detected: true }))
    expect(recorder.names).toEqual(['m3', 'm9', 'resynced, gap: ring_exceeded'])
  })
})

describe('when the counter starts again', () => {
  test('an answer below what was asked for leads to a second question, from the start', () => {
    const recorder = disconnectedAfter(50)
    recorder.open()
    recorder.receive(ack(3))
    expect(recorder.resyncs).toEqual([50, 0])
    const fresh = [1, 2, 3].map((seq) => message(`new${seq}`, { agent_seq: seq }))
    recorder.receive(...fresh, ack(3, { replayed: 3 }))
    expect(recorder.names).toEqual(['new1', 'new2', 'new3', 'resynced, gap: counter_reset'])
    expect(recorder.cursor).toMatchObject({ seq: 3, era: 1 })
  })

  test('events of the new counter are taken although their numbers are lower', () => {
    const recorder = disconnectedAfter(50)
    recorder.open()
    recorder.receive(ack(0), ack(0))
    recorder.receive(message('new1', { agent_seq: 1 }), presence('ann', { agent_seq: 2 }))
    expect(recorder.names).toEqual(['resynced, gap: counter_reset', 'new1', 'ann'])
  })

  test('an unknown event with a lower number shows it on an open socket', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(7), messageAt(8), message('new1', { agent_seq: 1 }), ack(1))
    expect(recorder.resyncs).toEqual([8, 0])
    recorder.receive(message('new1', { agent_seq: 1 }), message('new2', { agent_seq: 2 }), ack(2))
    expect(recorder.names).toEqual(['m7', 'm8', 'new1', 'new2', 'resynced, gap: counter_reset'])
  })

  test('an event without an id shows it too, if it says something else than the one with its number', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(presence('ann', { agent_seq: 1 }), presence('bob', { agent_seq: 2 }))
    recorder.receive(presence('cat', { agent_seq: 1 }))
    expect(recorder.resyncs).toEqual([2])
  })

  test('an event that is only late is no reset: it is delivered, and that it was out of turn is told', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(2), presence('ann', { agent_seq: 3 }), messageAt(1), ack(3))
    expect(recorder.resyncs).toEqual([3])
    expect(recorder.names).toEqual(['m2', 'ann', 'm1', 'resynced, gap: hole'])
    expect(recorder.cursor).toMatchObject({ seq: 3, era: 0 })
  })

  test('a changed epoch shows it, whatever the numbers are', () => {
    const recorder = disconnectedAfter(5, {}, { epoch: 'e1' })
    recorder.open()
    recorder.receive(ack(6, { epoch: 'e2' }))
    expect(recorder.resyncs).toEqual([5, 0])
    recorder.receive(ack(6, { epoch: 'e2' }))
    expect(recorder.cursor).toMatchObject({ epoch: 'e2', era: 1 })
  })

  test('an event of the same number and content in the new era is another event', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(presence('ann', { agent_seq: 1 }), presence('bob', { agent_seq: 2 }))
    recorder.close()
    recorder.open()
    recorder.receive(presence('ann', { agent_seq: 1 }), ack(1), ack(1))
    expect(recorder.names).toEqual(['ann', 'bob', 'ann', 'resynced, gap: counter_reset'])
  })

  test('a counter that starts again while the last time is being asked about is followed too', () => {
    const recorder = disconnectedAfter(9, {}, { epoch: 'e1' })
    recorder.open()
    recorder.receive(
      ack(6, { epoch: 'e2' }),
      presence('ann', { agent_seq: 1, epoch: 'e3' }),
      ack(1, { epoch: 'e3' }),
    )
    expect(recorder.resyncs).toEqual([9, 0, 0])
    recorder.receive(presence('ann', { agent_seq: 1, epoch: 'e3' }), ack(1, { epoch: 'e3' }))
    expect(recorder.names).toEqual(['ann', 'resynced, gap: counter_reset'])
    expect(recorder.cursor).toMatchObject({ seq: 1, epoch: 'e3' })
  })

  test('a relay that shows another counter with every answer is not asked forever', () => {
    const recorder = disconnectedAfter(9, {}, { epoch: 'e0' })
    recorder.open()
    for (let answer = 1; answer <= 10; answer++) recorder.receive(ack(0, { epoch: `e${answer}` }))
    expect(recorder.resyncs).toHaveLength(4)
    expect(recorder.names).toEqual(['resynced, gap: counter_reset'])
  })

  test('a known id with a lower number is no reset', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(1), messageAt(2), messageAt(1))
    expect(recorder.names).toEqual(['m1', 'm2'])
    expect(recorder.resyncs).toEqual([])
  })
})

describe('a hole in the live sequence', () => {
  test('is asked for on the open socket, and filled in order', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(10), messageAt(13))
    expect(recorder.resyncs).toEqual([10])
    recorder.receive(messageAt(11), messageAt(12), messageAt(13), ack(13, { replayed: 3 }))
    expect(recorder.names).toEqual(['m10', 'm11', 'm12', 'm13', 'resynced'])
  })

  test('that opens while another one is being filled is asked for too', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(1), messageAt(3), messageAt(2), messageAt(3), messageAt(6), ack(4))
    expect(recorder.resyncs).toEqual([1, 3])
    recorder.receive(messageAt(4), messageAt(5), messageAt(6), ack(6))
    expect(recorder.names).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'resynced'])
  })

  test('that cannot be filled is told, and asked for no more', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(10), messageAt(13), messageAt(13), ack(13), messageAt(14))
    expect(recorder.names).toEqual(['m10', 'm13', 'resynced, gap: hole', 'm14'])
    expect(recorder.resyncs).toEqual([10])
  })

  test('that fills up late is no reset', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(10), messageAt(12), ack(12), messageAt(11), ack(12), messageAt(13))
    expect(recorder.names).toEqual(['m10', 'm12', 'resynced, gap: hole', 'm11', 'resynced', 'm13'])
    expect(recorder.resyncs).toEqual([10, 12])
  })

  test('at the end shows by a pong that says what was sent', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(10), pong({ sent_seq: 12 }))
    expect(recorder.resyncs).toEqual([10])
    recorder.receive(messageAt(11), messageAt(12), ack(12))
    expect(recorder.names).toEqual(['m10', 'm11', 'm12', 'resynced'])
  })

  test('is none where a pong lags behind an event that overtook another', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(10), pong({ sent_seq: 9 }))
    expect(recorder.resyncs).toEqual([])
  })

  test('is none after a thousand refused frames either', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(1))
    for (let seq = 2; seq <= 3_000; seq += 2) {
      recorder.session.refused(seq)
      recorder.receive(messageAt(seq + 1))
    }
    expect(recorder.resyncs).toEqual([])
  })

  test('is none where a frame came and was refused', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(10))
    recorder.session.refused(11)
    recorder.receive(messageAt(12))
    expect(recorder.names).toEqual(['m10', 'm12'])
    expect(recorder.resyncs).toEqual([])
  })
})

describe('events of unknown types', () => {
  test('move the cursor and reach the journal', () => {
    const recorder = new Recorder()
    recorder.open()
    recorder.receive(messageAt(1), novel('thing', { agent_seq: 2 }), messageAt(3))
    expect(recorder.names).toEqual(['m1', 'thing', 'm3'])
    expect(recorder.cursor?.seq).toBe(3)
  })
})

describe('a relay that does not finish its answer', () => {
  test('is not waited for past the limit of time, and the tabs are told', () => {
    const recorder = disconnectedAfter(5, { maxHoldMs: 30_000 })
    recorder.open()
    recorder.receive(messageAt(7), messageAt(6))
    recorder.tick(30_000)
    expect(recorder.names).toEqual([])
    recorder.tick(1)
    expect(recorder.names).toEqual(['m6', 'm7', 'resynced, gap: no_ack'])
    recorder.receive(messageAt(8))
    expect(recorder.names.at(-1)).toBe('m8')
  })

  test('is not held for past the limit of number', () => {
    const recorder = disconnectedAfter(5, { maxHeld: 3 })
    recorder.open()
    recorder.receive(...[6, 7, 8, 9].map((seq) => messageAt(seq)))
    expect(recorder.names).toEqual(['m6', 'm7', 'm8', 'm9', 'resynced, gap: no_ack'])
    recorder.receive(messageAt(10), ack(10), messageAt(11))
    expect(recorder.names.slice(5)).toEqual(['m10', 'm11'])
  })

  test('leaves a hole that is told in one commit with the event that shows it', () => {
    const session = new Session({ ...START, seq: 5 }, [], { maxHoldMs: 1 })
    session.opened(0)
    session.tick(2, 0)
    const effects = session.frame(messageAt(8), 0)
    expect(effects).toMatchObject([{ do: 'append', cursor: { seq: 8 } }])
    const [append] = effects
    expect(append?.do === 'append' && append.entries.map(({ notice }) => notice)).toEqual([false, true])
  })

  test('is asked again if a number comes that the cursor has passed: the counter may have started again', () => {
    const recorder = disconnectedAfter(5, { maxHoldMs: 1 })
    recorder.open()
    recorder.tick(2)
    recorder.receive(message('new1', { agent_seq: 1 }))
    expect(recorder.resyncs).toEqual([5, 5])
    recorder.receive(ack(1), message('new1', { agent_seq: 1 }), ack(1))
    expect(recorder.resyncs).toEqual([5, 5, 0])
    expect(recorder.names).toEqual(['resynced, gap: no_ack', 'new1', 'resynced, gap: counter_reset'])
  })

  test('may have sent events of a new counter: they are known once it says so', () => {
    const recorder = disconnectedAfter(5, { maxHoldMs: 1 })
    recorder.open()
    recorder.receive(presence('ann', { agent_seq: 1 }))
    recorder.tick(2)
    expect(recorder.names).toEqual(['ann', 'resynced, gap: no_ack'])
    recorder.close()
    recorder.open()
    recorder.receive(ack(1), presence('ann', { agent_seq: 1 }), ack(1))
    expect(recorder.names.slice(2)).toEqual(['resynced, gap: counter_reset'])
  })
})

describe('since', () => {
  const sinceOf = (recorder: Recorder): number => {
    const frame = recorder.sent.findLast(({ type }) => type === 'resync')
    return frame?.type === 'resync' ? Date.parse(frame.since ?? '') : Number.NaN
  }

  test('is a minute before the cursor by this machine’s clock, if the relay gives no times', () => {
    const recorder = disconnectedAfter(5)
    const at = recorder.now
    recorder.now += 600_000
    recorder.open()
    expect(sinceOf(recorder)).toBe(at - 60_000)
  })

  test('is two seconds before the cursor by the relay’s clock, if events have their time', () => {
    const recorder = disconnectedAfter(5, {}, { created_at: '2020-01-01T00:00:10.000Z' })
    recorder.open()
    expect(sinceOf(recorder)).toBe(Date.parse('2020-01-01T00:00:08.000Z'))
  })

  test('is corrected by what a pong says of the relay’s clock', () => {
    const recorder = new Recorder()
    recorder.open()
    const ahead = recorder.now + 3_600_000
    recorder.receive(pong({ server_time: new Date(ahead).toISOString() }), messageAt(1))
    recorder.close()
    recorder.open()
    expect(sinceOf(recorder)).toBe(ahead - 60_000)
  })

  test('does not reach further back than 500 events, which would use up the replay', () => {
    const recorder = new Recorder()
    recorder.open()
    for (let seq = 1; seq <= 1_000; seq++) {
      recorder.now += 50
      recorder.receive(messageAt(seq))
    }
    const at = recorder.now
    recorder.close()
    recorder.open()
    expect(sinceOf(recorder)).toBe(at - 500 * 50)
  })

  test('is before the second of a burst, however many events it had', () => {
    const recorder = disconnectedAfter(1_500)
    const at = recorder.now
    recorder.open()
    expect(sinceOf(recorder)).toBe(at - 2_000)
  })
})
