import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dedupe, DEDUPE_CAPACITY, type Trace } from './dedupe.js'

const trace = (keys: string | readonly string[], more: Partial<Trace> = {}): Trace => ({
  keys: [keys].flat(),
  forgets: [],
  at: 0,
  ...more,
})

describe('a key', () => {
  test('is not known before it is remembered', () => {
    expect(new Dedupe().has('a')).toBe(false)
  })

  test('is known once it is remembered', () => {
    const seen = new Dedupe()
    seen.remember(trace(['a', 'b']))
    expect(['a', 'b', 'c'].map((key) => seen.has(key))).toEqual([true, true, false])
  })

  test('is known from what a restart brings back', () => {
    expect(new Dedupe(2, [trace('a')]).has('a')).toBe(true)
  })

  test('is new again after an entry that forgets it', () => {
    const seen = new Dedupe(2, [trace('added'), trace('removed', { forgets: ['added'] })])
    expect(seen.has('added')).toBe(false)
    expect(seen.has('removed')).toBe(true)
  })

  test('is known again when it comes again after it was forgotten', () => {
    const seen = new Dedupe(4, [trace('a'), trace('b', { forgets: ['a'] }), trace('a')])
    expect(seen.has('a')).toBe(true)
  })

  test('is known if its own entry forgets it', () => {
    expect(new Dedupe(2, [trace('a', { forgets: ['a'] })]).has('a')).toBe(true)
  })
})

describe('the capacity', () => {
  test('forgets the oldest entry first', () => {
    const seen = new Dedupe(2, [trace('a'), trace('b'), trace('c')])
    expect(['a', 'b', 'c'].map((key) => seen.has(key))).toEqual([false, true, true])
  })

  test('counts entries and not their keys', () => {
    const seen = new Dedupe(2, [trace(['a', 'b', 'c']), trace(['d', 'e'])])
    expect(seen.has('a')).toBe(true)
  })

  test('counts an entry without keys too', () => {
    const seen = new Dedupe(2, [trace('a'), trace([]), trace([])])
    expect(seen.has('a')).toBe(false)
  })

  test('keeps a key of an old entry that a newer one has again', () => {
    const seen = new Dedupe(2, [trace('a'), trace('a'), trace('b')])
    expect(seen.has('a')).toBe(true)
  })

  test('is 2,048 if nothing else is asked for', () => {
    const keys = Array.from({ length: DEDUPE_CAPACITY + 1 }, (_, index) => `key ${index}`)
    const seen = new Dedupe(
      undefined,
      keys.map((key) => trace(key)),
    )
    expect(keys.filter((key) => !seen.has(key))).toEqual(['key 0'])
    expect(DEDUPE_CAPACITY).toBe(2_048)
  })
})

describe('the time of an entry', () => {
  const seen = new Dedupe(4, [trace('a', { at: 10 }), trace('b', { at: 20 })])

  test.each([
    [0, 20],
    [1, 10],
  ])('%i back from the newest is %i', (back, at) => {
    expect(seen.timeOf(back)).toBe(at)
  })

  test('is null if fewer are remembered', () => {
    expect(seen.timeOf(2)).toBeNull()
  })

  test('may be 0', () => {
    expect(new Dedupe(4, [trace('a', { at: 0 })]).timeOf(0)).toBe(0)
  })
})

describe('ids since a time', () => {
  const ID = 'message.created:0f8fad5b-d9cb-569f-a165-70867728950e'

  test.each([
    [9, true],
    [10, true],
    [11, false],
  ])('are known of an entry of 10 since %i: %s', (time, known) => {
    expect(new Dedupe(4, [trace(ID, { at: 10 })]).knowsIdsSince(time)).toBe(known)
  })

  test('are not known if nothing is', () => {
    expect(new Dedupe().knowsIdsSince(0)).toBe(false)
  })

  test.each(['#0:7:abc', '=abc', '~abc'])('are not known by a number or content: %s', (key) => {
    expect(new Dedupe(4, [trace(key, { at: 10 })]).knowsIdsSince(0)).toBe(false)
  })

  test('are found among keys that are none', () => {
    const seen = new Dedupe(4, [trace(['#0:7:abc', '=abc'], { at: 20 }), trace(ID, { at: 15 })])
    expect(seen.knowsIdsSince(15)).toBe(true)
    expect(seen.knowsIdsSince(16)).toBe(false)
  })

  test('need not be of the newest entry', () => {
    const seen = new Dedupe(4, [trace(ID, { at: 20 }), trace('another:id', { at: 10 })])
    expect(seen.knowsIdsSince(20)).toBe(true)
  })

  test('are those of the newest entry that has the id', () => {
    const seen = new Dedupe(4, [trace(ID, { at: 20 }), trace(ID, { at: 10 })])
    expect(seen.knowsIdsSince(10)).toBe(true)
    expect(seen.knowsIdsSince(11)).toBe(false)
  })

  test('are forgotten with their entry', () => {
    const seen = new Dedupe(2, [trace(ID, { at: 10 }), trace('#0:1:a', { at: 10 })])
    expect(seen.knowsIdsSince(0)).toBe(true)
    seen.remember(trace('#0:2:b', { at: 10 }))
    expect(seen.knowsIdsSince(0)).toBe(false)
  })

  test('are forgotten by an entry that undoes theirs', () => {
    const seen = new Dedupe(4, [trace(ID, { at: 10 }), trace('#0:1:a', { at: 10, forgets: [ID] })])
    expect(seen.knowsIdsSince(0)).toBe(false)
  })
})

describe('whatever is remembered', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  const someTraces = fc.array(
    fc.record({
      keys: fc.array(key, { maxLength: 2 }),
      forgets: fc.array(key, { maxLength: 1 }),
      at: fc.nat(9),
    }),
    { maxLength: 40 },
  )

  /** The newest of the last `capacity` entries that mentions a key decides. */
  const isKnown = (traces: readonly Trace[], capacity: number, wanted: string): boolean => {
    const newest = traces
      .slice(-capacity)
      .findLast(({ keys, forgets }) => keys.includes(wanted) || forgets.includes(wanted))
    return newest?.keys.includes(wanted) ?? false
  }

  test('the answers are those of a search through the newest entries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), someTraces, (capacity, traces) => {
        const seen = new Dedupe(capacity)
        for (const [index, each] of traces.entries()) {
          seen.remember(each)
          const remembered = traces.slice(0, index + 1)
          for (const wanted of ['a', 'b', 'c', 'd']) {
            if (seen.has(wanted) !== isKnown(remembered, capacity, wanted)) return false
          }
        }
        return true
      }),
      { numRuns: 1_000 },
    )
  })

  test('the times are those of the newest entries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), someTraces, (capacity, traces) => {
        const seen = new Dedupe(capacity, traces)
        const known = traces.slice(-capacity).toReversed()
        return known.every(({ at }, back) => seen.timeOf(back) === at)
      }),
      { numRuns: 1_000 },
    )
  })
})
