import { serialize } from 'node:v8'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cursor } from './cursor.js'
import type { Entry } from './entry.js'
import { isHead, lastOf, ownerOf, pack, unpack, withoutText, type Head } from './records.js'

const NUM_RUNS = 500

const time = fc.integer({ min: 0, max: 4_102_444_800_000 })
const keyLists = fc.array(fc.string(), { maxLength: 4 })

/** As many entries as a group may have, with offsets that follow on each other. */
const groups: fc.Arbitrary<readonly Entry[]> = fc
  .array(
    fc.record({
      text: fc.string({ unit: 'binary' }),
      replayed: fc.boolean(),
      notice: fc.boolean(),
      keys: keyLists,
      forgets: keyLists,
      at: time,
      received: time,
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((entries) => entries.map((entry, index) => ({ ...entry, offset: index + 1 })))

const cursors: fc.Arbitrary<Cursor> = fc.record({
  seq: fc.maxSafeNat(),
  epoch: fc.option(fc.string()),
  era: fc.nat(),
  at: time,
  exact: fc.boolean(),
})

const positions = fc.record({ instance: fc.string(), offset: fc.maxSafeNat() })

const heads: fc.Arbitrary<Head> = fc.record(
  {
    cursor: fc.option(cursors),
    last: fc.maxSafeNat(),
    runs: fc.array(fc.record({ instance: fc.string(), first: fc.maxSafeNat(), at: fc.maxSafeNat() })),
    groups: fc.array(fc.tuple(fc.string(), positions)).map((pairs) => new Map(pairs)),
  },
  { requiredKeys: ['cursor', 'last', 'runs'] },
)

/** Records go through a structured clone on their way to disk and back. */
const stored = <T>(record: T): T => structuredClone(record)

/** What comes back of an entry. Its own time is that of its group. */
const asStored = (group: readonly Entry[], withText: boolean) =>
  group.map(({ text, keys, forgets, at, replayed, notice }) => ({
    text: withText ? text : null,
    keys,
    forgets,
    at,
    replayed,
    notice,
    received: group.at(-1)?.received,
  }))

const cursor: Cursor = { seq: 3, epoch: 'e', era: 0, at: 1_000, exact: true }
const head: Head = { cursor, last: 7, runs: [{ instance: 'i', first: 1, at: 1 }] }
const entry: Entry = {
  offset: 1,
  text: '{}',
  replayed: false,
  notice: false,
  keys: ['k'],
  forgets: [],
  at: 1_000,
  received: 2_000,
}

describe('a segment', () => {
  test('gives back what it was packed from', () => {
    fc.assert(
      fc.property(groups, (group) => {
        expect(unpack(stored(pack(group, true)))).toEqual(asStored(group, true))
      }),
      { numRuns: NUM_RUNS },
    )
  })

  test('gives back all but the frames if they are not kept', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const packed = pack(group, false)
        expect(unpack(stored(packed))).toEqual(asStored(group, false))
        expect(withoutText(pack(group, true))).toEqual(packed)
      }),
      { numRuns: NUM_RUNS },
    )
  })

  test.each([
    ['no key', []],
    ['one', ['k']],
    ['an empty one', ['']],
    ['several', ['a', 'b', '']],
  ])('keeps %s', (_, keysOfEntry) => {
    expect(unpack(pack([{ ...entry, keys: keysOfEntry }], true))?.[0]?.keys).toEqual(keysOfEntry)
  })

  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('keeps replayed %j and notice %j', (replayed, notice) => {
    expect(unpack(pack([{ ...entry, replayed, notice }], true))?.[0]).toMatchObject({ replayed, notice })
  })

  test('holds no frame if they are not kept', () => {
    const secret = 'the text of a message'
    const packed = pack([{ ...entry, text: secret }], false)
    expect(serialize(packed).includes(secret)).toBe(false)
    expect(serialize(pack([{ ...entry, text: secret }], true)).includes(secret)).toBe(true)
  })

  test('of 300-byte frames takes at most 1.3 times their text', () => {
    const group = Array.from({ length: 1_024 }, (_, index) => ({
      ...entry,
      offset: index + 1,
      text: 'x'.repeat(300),
      keys: [`message.created:${crypto.randomUUID()}`],
      at: 1_767_225_600_000 + index,
      received: 1_767_225_600_000 + index,
    }))
    expect(serialize(pack(group, true)).length).toBeLessThanOrEqual(300 * group.length * 1.3)
  })
})

describe('what is no segment', () => {
  const sound = pack([entry, { ...entry, offset: 2, keys: [], forgets: ['k'] }], true)

  test('gives null, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSparseArray: true, withTypedArray: true, withNullPrototype: true }),
        (value) => unpack(value) === null,
      ),
      { numRuns: NUM_RUNS },
    )
  })

  /** Of these, none fits any field. */
  const unfit = fc.constantFrom<unknown>(
    undefined,
    true,
    'text',
    {},
    new Date(0),
    Number.NaN,
    [[7]],
    [{}, {}],
  )

  test('is one with any field of another kind', () => {
    const fields = fc.constantFrom(...Object.keys(sound))
    fc.assert(
      fc.property(fields, unfit, (field, value) => unpack({ ...sound, [field]: value }) === null),
      { numRuns: NUM_RUNS },
    )
  })

  test.each(Object.keys(sound))('is one without its %s', (field) => {
    const { [field]: _, ...others } = { ...sound } as Record<string, unknown> // to name a field by a string
    expect(unpack(others)).toBeNull()
  })

  test.each<readonly [string, unknown]>([
    ['a text too few', { ...sound, texts: ['{}'] }],
    ['a text too many', { ...sound, texts: ['{}', '{}', '{}'] }],
    ['a text that is none', { ...sound, texts: ['{}', 7] }],
    ['a hole among the texts', { ...sound, texts: Array.from({ length: 2 }) }],
    // oxlint-disable-next-line no-sparse-arrays -- a structured clone keeps holes
    ['a hole among the keys', { ...sound, keys: ['k', ,] }],
    // oxlint-disable-next-line no-sparse-arrays -- as above
    ['a hole among the times', { ...sound, at: [, 1] }],
    ['a key that is a number', { ...sound, keys: ['k', 7] }],
    ['keys that are numbers', { ...sound, keys: ['k', [7]] }],
    ['a time too few', { ...sound, at: [1_000] }],
    ['a time that is none', { ...sound, at: [1_000, Number.NaN] }],
    ['a time without end', { ...sound, at: [1_000, Number.POSITIVE_INFINITY] }],
    ['flags too few', { ...sound, flags: Uint8Array.of(0) }],
    ['flags of another kind', { ...sound, flags: Uint16Array.of(0, 0) }],
    ['flags in an array', { ...sound, flags: [0, 0] }],
    ['forgets in an object', { ...sound, forgets: { 1: ['k'] } }],
    ['forgets of no index', { ...sound, forgets: new Map([['1', ['k']]]) }],
    ['forgets of half an index', { ...sound, forgets: new Map([[0.5, ['k']]]) }],
    ['a forget that is no list', { ...sound, forgets: new Map([[1, 'k']]) }],
    ['no time of receipt', { ...sound, received: null }],
    ['a list around it', [sound]],
  ])('is one with %s', (_, value) => {
    expect(unpack(value)).toBeNull()
    expect(unpack(sound)).not.toBeNull()
  })
})

describe('a head', () => {
  test('is known again', () => {
    fc.assert(
      fc.property(heads, (sound) => isHead(stored(sound))),
      { numRuns: NUM_RUNS },
    )
  })

  test('names its newest run as the owner, and its newest entry', () => {
    fc.assert(
      fc.property(
        heads,
        (sound) => ownerOf(sound) === (sound.runs.at(-1) ?? null) && lastOf(sound) === sound.last,
      ),
      { numRuns: NUM_RUNS },
    )
  })

  test('is nothing else', () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSparseArray: true, withTypedArray: true, withNullPrototype: true }),
        (value) => !isHead(value) && ownerOf(value) === null && lastOf(value) === 0,
      ),
      { numRuns: NUM_RUNS },
    )
  })

  test.each<readonly [string, unknown]>([
    ['no last offset', { ...head, last: undefined }],
    ['a last offset below 0', { ...head, last: -1 }],
    ['a last offset that is no whole number', { ...head, last: 0.5 }],
    ['a last offset past what can be counted', { ...head, last: 2 ** 53 }],
    ['a last offset as text', { ...head, last: '7' }],
    ['a cursor left out', { last: 7, runs: [] }],
    ['a cursor of no number', { ...head, cursor: { ...cursor, seq: null } }],
    ['a cursor below 0', { ...head, cursor: { ...cursor, seq: -1 } }],
    ['a cursor of no era', { ...head, cursor: { ...cursor, era: undefined } }],
    ['a cursor of no time', { ...head, cursor: { ...cursor, at: Number.NaN } }],
    ['a cursor of an epoch that is a number', { ...head, cursor: { ...cursor, epoch: 7 } }],
    ['a cursor of no epoch', { ...head, cursor: { ...cursor, epoch: undefined } }],
    ['a cursor that is exact by a number', { ...head, cursor: { ...cursor, exact: 1 } }],
    ['no runs', { ...head, runs: null }],
    ['a run of no instance', { ...head, runs: [{ first: 1 }] }],
    ['a run of no first offset', { ...head, runs: [{ instance: 'i' }] }],
    ['a run that is null', { ...head, runs: [null] }],
    // oxlint-disable-next-line no-sparse-arrays -- a structured clone keeps holes
    ['a hole among the runs', { ...head, runs: [,] }],
    ['groups of null', { ...head, groups: null }],
    ['groups that are no map', { ...head, groups: { sounds: { instance: 'i', offset: 1 } } }],
    ['a group of no position', { ...head, groups: new Map([['sounds', null]]) }],
    ['a group of no run', { ...head, groups: new Map([['sounds', { offset: 1 }]]) }],
    ['a group of no offset', { ...head, groups: new Map([['sounds', { instance: 'i' }]]) }],
    ['a group of no name', { ...head, groups: new Map([[7, { instance: 'i', offset: 1 }]]) }],
    ['a list around it', [head]],
  ])('is none with %s', (_, value) => {
    expect(isHead(value)).toBe(false)
    expect(ownerOf(value)).toBeNull()
    expect(isHead(head)).toBe(true)
  })
})
