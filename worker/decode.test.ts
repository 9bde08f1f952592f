import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { camelize } from '../src/protocol/index.js'
import { decode, MAX_FRAME_LENGTH, type EventFrame, type Frame } from './decode.js'

const ID = '0f8fad5b-d9cb-569f-a165-70867728950e'
const MADE = '2026-01-01T00:00:00.000Z'

const message = { id: 'msg_1', agent_id: 'ag_1', agent_name: 'bob', text: 'a secret' }
const created = { type: 'message.created', id: ID, channel: 'general', message }
const read = { type: 'message.read', message_id: 'msg_1', agent_name: 'bob', read_at: MADE }
const reacted = { type: 'message.reacted', message_id: 'msg_1', emoji: '👍', agent_name: 'bob' }
const ack = { type: 'resync_ack', last_seen_seq: 3, current_seq: 9, replayed: 6, gap_detected: true }

const textOf = (wire: unknown): string => (typeof wire === 'string' ? wire : JSON.stringify(wire))

const frameOf = (wire: unknown): Frame => {
  const decoded = decode(textOf(wire))
  if (!decoded.ok) throw new Error(decoded.problem)
  return decoded.frame
}

const eventOf = (wire: unknown): EventFrame => {
  const frame = frameOf(wire)
  if (frame.kind !== 'event') throw new Error(`expected an event, got ${frame.kind}`)
  return frame
}

const refusalOf = (wire: unknown): { readonly problem: string; readonly seq: number | null } => {
  const decoded = decode(wire)
  if (decoded.ok) throw new Error('expected a refusal, got a frame')
  return decoded
}

describe('an event', () => {
  test('is decoded with all that is known of it, and its text as it came', () => {
    const text = textOf({ ...created, agent_seq: 7, epoch: 'e1', created_at: MADE })
    expect(frameOf(text)).toEqual({
      kind: 'event',
      type: 'message.created',
      id: ID,
      seq: 7,
      epoch: 'e1',
      createdAt: Date.parse(MADE),
      database: false,
      content: null,
      undoes: null,
      text,
    })
  })

  test('has no number, epoch or time if the relay gives none', () => {
    expect(frameOf(created)).toMatchObject({ seq: null, epoch: null, createdAt: null })
  })

  test('may have the number 0', () => {
    expect(frameOf({ ...created, agent_seq: 0 })).toMatchObject({ seq: 0 })
  })

  // `since` is reckoned from these times and made a text again, which throws for what a Date cannot hold.
  test.each(['+275760-09-13T00:00:00.000Z', '+010000-01-01T00:00:00.000Z', '-000001-01-01T00:00:00.000Z'])(
    'has no time if the relay gives one that no event can have: %s',
    (time) => {
      expect(frameOf({ ...created, created_at: time })).toMatchObject({ createdAt: null })
      expect(frameOf({ type: 'pong', server_time: time })).toMatchObject({ serverTime: null })
    },
  )

  test('has no time if the relay gives one that is none', () => {
    expect(frameOf({ ...created, created_at: 'yesterday' })).toMatchObject({ createdAt: null })
  })

  test.each([
    ['is replayed and has no number', { replayed: true }, true],
    ['is replayed and has its number', { replayed: true, agent_seq: 7 }, false],
    ['is not replayed and has no number', {}, false],
    ['says that it is not replayed', { replayed: false }, false],
  ])('that %s: %o is from the database: %s', (_, fields, database) => {
    expect(frameOf({ ...created, ...fields })).toMatchObject({ database })
  })
})

describe('an event of an unknown type', () => {
  test('passes with its number', () => {
    expect(frameOf({ type: 'message.pinned', agent_seq: 7, by: { who: 'bob' } })).toMatchObject({
      kind: 'event',
      type: 'message.pinned',
      seq: 7,
    })
  })

  test('passes without a number', () => {
    expect(frameOf({ type: 'message.pinned' })).toMatchObject({ kind: 'event', seq: null })
  })

  test.each([
    ['a name', 'p_1'],
    ['the id of an event', ID],
    ['empty', ''],
    ['a number', 7],
    ['null', null],
  ])('has no event id, also where its "id" is %s', (_, id) => {
    expect(frameOf({ type: 'message.pinned', id })).toMatchObject({
      id: null,
      content: expect.any(String),
      undoes: null,
    })
  })

  test('passes with its "id" in its text', () => {
    const wire = { type: 'message.pinned', id: 'p_1' }
    expect(eventOf(wire).text).toBe(textOf(wire))
  })

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('may be called "%s"', (type) => {
    expect(frameOf({ type, agent_seq: 7 })).toMatchObject({ kind: 'event', type, seq: 7 })
  })
})

describe('the "id" of an event that has no event id by contract', () => {
  const updated = { type: 'message.updated', id: ID, channel: 'general', message }

  test.each([updated, { ...read, id: ID }, { ...reacted, id: ID }])('is ignored: %j', (wire) => {
    expect(eventOf(wire)).toMatchObject({ id: null, content: expect.any(String) })
  })

  test('does not make one event of two with different numbers', () => {
    const [first, second] = [eventOf({ ...updated, agent_seq: 7 }), eventOf({ ...updated, agent_seq: 8 })]
    // The identity is the number with the content: the same is said twice, in two events.
    expect(first).toMatchObject({ id: null, seq: 7, content: expect.any(String) })
    expect(second).toMatchObject({ id: null, seq: 8, content: first.content })
  })

  test('does not make one event of two that say different things', () => {
    const [first, second] = ['hello', 'goodbye'].map((text) =>
      eventOf({ ...updated, message: { ...message, text } }),
    )
    expect(first?.id).toBeNull()
    expect(second?.id).toBeNull()
    expect(second?.content).not.toBe(first?.content)
  })

  test('need not be an id', () => {
    expect(eventOf({ ...updated, id: 7 })).toMatchObject({ id: null })
  })
})

describe('an optional field of the wrong type is taken as absent', () => {
  const wrong = [null, true, -1.5, {}, []]

  test.each([...wrong, 'yesterday'])('where the time of an event is %j', (created_at) => {
    expect(frameOf({ ...created, agent_seq: 7, created_at })).toMatchObject({
      kind: 'event',
      seq: 7,
      createdAt: null,
    })
  })

  test.each(wrong)('where the epoch of an event is %j', (epoch) => {
    expect(frameOf({ ...created, agent_seq: 7, epoch })).toMatchObject({ kind: 'event', seq: 7, epoch: null })
  })

  test.each([null, 1, 'true', {}, []])('where the mark of a replay is %j', (replayed) => {
    expect(frameOf({ ...created, replayed })).toMatchObject({ kind: 'event', database: false })
  })

  test.each(['epoch', 'created_at', 'replayed'])('where it is the %s of an unknown type', (field) => {
    const wire = { type: 'message.pinned', agent_seq: 7, [field]: 7 }
    expect(frameOf(wire)).toEqual({
      ...frameOf({ type: 'message.pinned', agent_seq: 7 }),
      text: textOf(wire),
    })
  })

  test.each([
    ...wrong.map((value) => ({ epoch: value })),
    ...wrong.map((value) => ({ server_time: value })),
    ...[...wrong, '7', 2 ** 53].map((value) => ({ sent_seq: value })),
  ])('in a pong: %j', (fields) => {
    const sound = { type: 'pong', epoch: 'e1', server_time: MADE, sent_seq: 7 }
    const absent = Object.fromEntries(Object.keys(fields).map((field) => [field, undefined]))
    expect(frameOf({ ...sound, ...fields })).toEqual(frameOf({ ...sound, ...absent }))
  })

  test.each([...wrong.map((value) => ({ epoch: value })), ...wrong.map((value) => ({ server_time: value }))])(
    'in the answer to a resync: %j',
    (fields) => {
      const sound = { ...ack, epoch: 'e1', server_time: MADE }
      const absent = Object.fromEntries(Object.keys(fields).map((field) => [field, undefined]))
      expect(frameOf({ ...sound, ...fields })).toEqual(frameOf({ ...sound, ...absent }))
    },
  )
})

describe('an answer', () => {
  test('to a resync is decoded', () => {
    expect(frameOf({ ...ack, epoch: 'e1', server_time: MADE })).toEqual({
      kind: 'ack',
      currentSeq: 9,
      replayed: 6,
      gapDetected: true,
      epoch: 'e1',
      serverTime: Date.parse(MADE),
    })
  })

  test('to a resync may lack what is optional', () => {
    expect(frameOf(ack)).toMatchObject({ epoch: null, serverTime: null })
  })

  test('to a ping is decoded', () => {
    expect(frameOf({ type: 'pong', sent_seq: 7, epoch: 'e1', server_time: MADE })).toEqual({
      kind: 'pong',
      sentSeq: 7,
      epoch: 'e1',
      serverTime: Date.parse(MADE),
    })
  })

  test('to a ping may lack what is optional', () => {
    expect(frameOf({ type: 'pong' })).toEqual({ kind: 'pong', sentSeq: null, epoch: null, serverTime: null })
  })
})

describe('a frame is refused', () => {
  test.each<readonly [what: string, data: unknown, problem: string]>([
    ['an ArrayBuffer', new ArrayBuffer(8), 'expected a text frame, got a binary one'],
    ['bytes of a sound frame', new TextEncoder().encode(textOf(created)), 'expected a text frame'],
    ['not JSON', '{"type"', 'expected JSON, got 7 characters that are not'],
    ['empty', '', 'expected JSON, got 0 characters'],
    ['an array', textOf([created]), 'expected a JSON object, got an array'],
    ['null', 'null', 'expected a JSON object, got null'],
    ['a number', '7', 'expected a JSON object, got a number'],
    ['a string', '"pong"', 'expected a JSON object, got a string'],
    ['a boolean', 'true', 'expected a JSON object, got a boolean'],
    ['without a type', '{}', 'expected a frame with a "type", got none'],
    ['of an empty type', '{"type":""}', 'expected a frame with a "type", got none'],
    ['of a type that is a number', '{"type":7}', 'expected a frame with a "type", got none'],
    ['of an inherited type', '{"__proto__":{"type":"pong"}}', 'expected a frame with a "type", got none'],
  ])('if it is %s', (_, data, problem) => {
    expect(refusalOf(data).problem).toContain(problem)
  })

  test.each(['open', 'close', 'error', 'reconnecting', 'permanently_disconnected', 'resynced'])(
    'if its type is "%s", which only the client says',
    (type) => {
      const frame = { type, attempt: 1, replayed: 0, gap_detected: false, source: 'relay' }
      expect(refusalOf(textOf(frame)).problem).toContain("the client's own")
    },
  )

  test.each(['-1', '1.5', '1e300', '9007199254740992', '"7"', 'true', '[]', '{}'])(
    'if its agent_seq is %s, also where the type is unknown',
    (seq) => {
      const { problem } = refusalOf(`{"type":"message.pinned","agent_seq":${seq}}`)
      expect(problem).toContain('expected an "agent_seq" that counts')
    },
  )

  test('if it is longer than allowed', () => {
    const text = textOf(created)
    expect(decode(text, text.length)).toMatchObject({ ok: true })
    expect(decode(text, text.length - 1)).toEqual({
      ok: false,
      problem: `expected a frame of at most ${text.length - 1} characters, got ${text.length}`,
      seq: null,
    })
  })

  test('if it is longer than a mebicharacter', () => {
    expect(refusalOf(textOf({ type: 'x', text: 'y'.repeat(MAX_FRAME_LENGTH) })).problem).toContain(
      'at most 1048576',
    )
  })
})

describe('a frame that does not fit its schema', () => {
  test.each([
    ['a field is missing', { ...created, channel: undefined }, 'channel'],
    ['a field inside is wrong', { ...created, message: { ...message, text: 7 } }, 'message.text'],
    [
      'a field in an array is wrong',
      {
        ...created,
        message: { ...message, attachments: [{ file_id: 'f_1', filename: 'a', content_type: 'b' }] },
      },
      'message.attachments.0.size_bytes',
    ],
    ['the id is none', { ...created, id: 'a secret' }, 'id'],
    ['an answer lacks its number', { ...ack, current_seq: undefined }, 'current_seq'],
    ['an answer has a wrong number', { ...ack, current_seq: -1 }, 'current_seq'],
    ['an answer counts no replay', { ...ack, replayed: true }, 'replayed'],
  ])('is refused by the path: %s', (_, wire, path) => {
    const { problem } = refusalOf(textOf(wire))
    expect(problem).toContain(`frame of type "${wire.type}" does not fit its schema: ${path}: `)
  })

  test.each([
    { ...created, message: { ...message, agent_name: 7 } },
    { ...created, id: 'a secret' },
    { ...created, message: { ...message, injection_mode: 'a secret' } },
    { ...created, message: 'a secret' },
    { ...created, channel: ['a secret'] },
  ])('is refused without a word of what it said: %j', (wire) => {
    expect(refusalOf(textOf(wire)).problem).not.toContain('secret')
  })

  test('is told by the first path that does not', () => {
    const { problem } = refusalOf(textOf({ type: 'action.invoked', invocation_id: 7 }))
    expect(problem).toMatch(/: invocation_id: expected a string, got a number$/)
  })
})

describe('the number of a refused frame', () => {
  test.each<readonly [what: string, wire: object]>([
    ['does not fit its schema', { type: 'message.created', agent_seq: 7 }],
    ['has no type', { agent_seq: 7 }],
    ["is of a client's type", { type: 'open', agent_seq: 7 }],
  ])('is told where it %s', (_, wire) => {
    expect(refusalOf(textOf(wire)).seq).toBe(7)
  })

  test.each([-1, 1.5, 1e300, '7', null, true])('is not told where it is %j', (agent_seq) => {
    expect(refusalOf(textOf({ agent_seq })).seq).toBeNull()
  })

  test.each(['{"agent_seq":7', '[{"agent_seq":7}]'])('is not looked for in %s', (text) => {
    expect(refusalOf(text).seq).toBeNull()
  })
})

describe('the content', () => {
  test.each(['message.created', 'dm.received', 'group_dm.received', 'thread.reply'])(
    'is not needed for a %s, which has an id',
    (type) => {
      const event = { ...created, type, parent_id: 'msg_0', conversation_id: 'c_1' }
      expect(eventOf(event)).toMatchObject({ id: ID, content: null, undoes: null })
    },
  )

  test.each([
    ['number', { agent_seq: 7 }],
    ['epoch', { epoch: 'e2' }],
    ['time', { created_at: MADE }],
    ['mark of a replay', { replayed: true }],
  ])('of an event is the same whatever its %s', (_, fields) => {
    expect(eventOf({ ...read, ...fields }).content).toBe(eventOf(read).content)
  })

  test('of an event is the same in whatever order its fields come', () => {
    const { type, ...fields } = read
    expect(eventOf({ ...fields, type }).content).toBe(eventOf(read).content)
  })

  test.each([
    ['another type', { type: 'message.seen' }],
    ['another field', { message_id: 'msg_2' }],
    ['a field more', { device: 'phone' }],
  ])('differs with %s', (_, fields) => {
    expect(eventOf({ ...read, ...fields }).content).not.toBe(eventOf(read).content)
  })

  test('is short, as it is stored with each entry', () => {
    const long = { type: 'message.pinned', text: 'x'.repeat(100_000) }
    expect(eventOf(long).content?.length).toBeLessThanOrEqual(11)
  })

  test('tells ten thousand events apart', () => {
    const contents = new Set<string | null>()
    for (let number = 0; number < 10_000; number += 1) {
      contents.add(eventOf({ ...read, message_id: `msg_${number}` }).content)
    }
    expect(contents.size).toBe(10_000)
  })
})

describe('a reaction from the database', () => {
  const stored = eventOf({ ...reacted, replayed: true })

  test.each([
    ['with its action', { action: 'added', agent_seq: 7 }],
    ['without an action', { agent_seq: 7 }],
    ['with its time and epoch', { action: 'added', agent_seq: 7, created_at: MADE, epoch: 'e1' }],
    ['with a field that the database lacks', { action: 'added', agent_seq: 7, channel: 'general' }],
  ])('has the content of the live one %s', (_, fields) => {
    expect(eventOf({ ...reacted, ...fields }).content).toBe(stored.content)
  })

  test.each([
    ['message', { message_id: 'msg_2' }],
    ['emoji', { emoji: '👎' }],
    ['agent', { agent_name: 'carol' }],
    ['action', { action: 'removed' }],
  ])('has not the content of one with another %s', (_, fields) => {
    expect(eventOf({ ...reacted, ...fields }).content).not.toBe(stored.content)
  })

  test('undoes its removal', () => {
    expect(stored.undoes).toBe(eventOf({ ...reacted, action: 'removed' }).content)
  })

  test('is undone by its removal', () => {
    expect(eventOf({ ...reacted, action: 'removed' }).undoes).toBe(stored.content)
  })
})

describe('whatever comes', () => {
  const builtIn = Object.getOwnPropertyNames(Object.prototype)

  /** `expect` in here would cost more than all the rest. */
  const isSound = (data: unknown): boolean => {
    const decoded = decode(data)
    return decoded.ok ? ['event', 'ack', 'pong'].includes(decoded.frame.kind) : decoded.problem !== ''
  }

  const expectNoneToThrow = <T>(property: fc.IProperty<T>): void => {
    fc.assert(property, { numRuns: 2_000 })
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(builtIn)
  }

  const seeds = [
    created,
    read,
    reacted,
    ack,
    { type: 'pong', sent_seq: 7 },
    { type: 'x', id: 'y', agent_seq: 7 },
  ]

  test('no string makes decode throw, or changes Object.prototype', () => {
    const anyUnits = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units))
    expectNoneToThrow(fc.property(fc.oneof(anyUnits, fc.string()), isSound))
  })

  test('no JSON value makes decode throw, or changes Object.prototype', () => {
    expectNoneToThrow(fc.property(fc.jsonValue(), (value) => isSound(JSON.stringify(value))))
  })

  test('no object with the names of the contract, or of Object.prototype, makes decode throw, or changes Object.prototype', () => {
    const names = ['type', 'id', 'agent_seq', 'message', 'created_at', '__proto__', 'constructor', 'toJSON']
    const types = fc.constantFrom(...seeds.map(({ type }) => type), 'resynced', '__proto__')
    const field = fc.tuple(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), types))
    expectNoneToThrow(
      fc.property(types, fc.array(field), (type, fields) => {
        const pairs = [['type', type] as const, ...fields]
        return isSound(
          `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
        )
      }),
    )
  })

  test('no damaged frame makes decode throw, or changes Object.prototype', () => {
    const damage = fc.record({
      seed: fc.constantFrom(...seeds),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(20),
      inserted: fc.oneof(fc.string(), fc.constantFrom('null', '{}', '[', '"', '-', '1e999', '"__proto__":')),
    })
    expectNoneToThrow(
      fc.property(damage, ({ seed, at, cut, inserted }) => {
        const text = textOf({ ...seed, agent_seq: 7 })
        const from = Math.floor(at * text.length)
        return isSound(text.slice(0, from) + inserted + text.slice(from + cut))
      }),
    )
  })

  test('no depth makes decode throw: it is refused', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(decode(`{"type":"message.pinned","agent_seq":7,"deep":${deep}}`)).toEqual({
      ok: false,
      problem: expect.stringContaining('expected a frame of reasonable depth'),
      seq: 7,
    })
  })

  test('no number of faults makes decode throw: it is refused, and its number counts as come', () => {
    const attachments = `[${'1,'.repeat(400_000)}1]`
    const text = textOf({ ...created, agent_seq: 7, message: { ...message, attachments: 'MANY' } })
    expect(decode(text.replace('"MANY"', attachments))).toMatchObject({ ok: false, seq: 7 })
  })

  // What a tab cannot read makes its delivery fail: the hub detaches it, and the next reload meets the same entry.
  test.each([
    ['of a known type', { ...created, message: { ...message, message: 'DEEP' } }],
    ['of an unknown type', { type: 'message.pinned', id: 'p_1', message: 'DEEP' }],
  ])('what passes can be given to handlers, however deep it is, if it is %s', (_, wire) => {
    const deep = '{"message":'.repeat(20_000) + '1' + '}'.repeat(20_000)
    const decoded = decode(textOf(wire).replace('"DEEP"', deep))
    const give = () =>
      decoded.ok && decoded.frame.kind === 'event' && camelize(JSON.parse(decoded.frame.text))
    expect(give).not.toThrow()
  })
})
