import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HistoryEntry } from '../index.js'
import { Recent } from './recent.js'

const entry = (offset: number): HistoryEntry => ({
  event: { type: offset % 2 === 0 ? 'even' : 'odd' },
  meta: { offset, replayed: false },
})

const entries = (from: number, to: number): HistoryEntry[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => entry(from + index))

const offsets = (recent: Recent): number[] => recent.newest().map(({ meta }) => meta.offset)

const all = (): boolean => true
const isEven = ({ event }: HistoryEntry): boolean => event.type === 'even'

describe('the newest entries', () => {
  test('are those of the journal, and then what comes', () => {
    const recent = new Recent(all, 4)
    expect(recent.loaded(entries(1, 3), 4)).toBeNull()
    expect(recent.came(entry(4))).toBe(true)
    expect(offsets(recent)).toEqual([1, 2, 3, 4])
    recent.came(entry(5))
    expect(offsets(recent)).toEqual([2, 3, 4, 5])
  })

  test('are there once, if they come before the journal has answered', () => {
    const recent = new Recent(all, 5)
    expect(recent.came(entry(3))).toBe(false)
    recent.came(entry(4))
    recent.loaded(entries(1, 3), 5)
    expect(offsets(recent)).toEqual([1, 2, 3, 4])
  })

  test('are there once, if they come after the journal has told of them', () => {
    const recent = new Recent(all, 5)
    recent.came(entry(2))
    recent.loaded(entries(1, 4), 5)
    expect([recent.came(entry(3)), recent.came(entry(4)), recent.came(entry(5))]).toEqual([
      false,
      false,
      true,
    ])
    expect(offsets(recent)).toEqual([1, 2, 3, 4, 5])
  })

  test('are asked for again, further back, until enough of them match', () => {
    const recent = new Recent(isEven, 4)
    expect(recent.loaded(entries(97, 100), 4)).toBe(16)
    expect(recent.isLoaded).toBe(false)
    expect(recent.loaded(entries(85, 100), 16)).toBeNull()
    expect(offsets(recent)).toEqual([94, 96, 98, 100])
  })

  test('are asked for no further back than the journal goes', () => {
    const recent = new Recent(isEven, 4)
    expect(recent.loaded(entries(1, 3), 4)).toBeNull()
    expect(offsets(recent)).toEqual([2])
  })

  test('can be none', () => {
    const recent = new Recent(all, 0)
    expect(recent.loaded([], 0)).toBeNull()
    recent.came(entry(1))
    expect(offsets(recent)).toEqual([])
  })

  test('do not change with one that does not match', () => {
    const recent = new Recent(isEven, 4)
    recent.loaded([], 4)
    expect(recent.came(entry(1))).toBe(false)
    expect(offsets(recent)).toEqual([])
  })
})

test('however answer and events meet, the newest that match are there, once and in order', () => {
  // Each step: so many are committed, so many of them delivered; and at one of them the journal answers.
  const steps = fc.array(fc.record({ commit: fc.nat(9), deliver: fc.nat(9) }), { maxLength: 12 })
  fc.assert(
    fc.property(
      steps,
      fc.nat(12),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (taken, answer, limit, even) => {
        const matches = even ? isEven : all
        const recent = new Recent(matches, limit)
        let [committed, delivered] = [0, 0]
        for (const [index, { commit, deliver }] of [...taken, { commit: 0, deliver: 0 }].entries()) {
          committed += commit
          if (index === Math.min(answer, taken.length)) {
            for (let asked: number | null = limit; asked !== null;) {
              asked = recent.loaded(entries(Math.max(1, committed - asked + 1), committed), asked)
            }
          }
          for (const end = Math.min(committed, delivered + deliver); delivered < end;)
            recent.came(entry(++delivered))
        }
        while (delivered < committed) recent.came(entry(++delivered))
        const wanted = entries(1, committed).filter(matches).slice(-limit)
        expect(offsets(recent)).toEqual(wanted.map(({ meta }) => meta.offset))
      },
    ),
  )
})
