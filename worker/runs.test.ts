import { describe, expect, test } from 'vitest'
import { locate, withRun, type Run } from './runs.js'

/** The present one gave the offsets from 21 on, and the newest entry is 25. */
const runs: readonly Run[] = [
  { instance: 'oldest', first: 1, at: 1 },
  { instance: 'earlier', first: 11, at: 1 },
  { instance: 'present', first: 21, at: 1 },
]
const LAST = 25

const located = (instance: string, offset: number) => locate(runs, { instance, offset }, LAST)

describe('a position of the present run', () => {
  test.each([0, 20, 21, 24, 25])('is read on from: %i', (offset) => {
    expect(located('present', offset)).toEqual({ start: offset, gap: null })
  })

  test('that is past the newest entry is read on from there, and told', () => {
    expect(located('present', 26)).toEqual({ start: 25, gap: 'journal_lost' })
  })
})

describe('a position of an earlier run', () => {
  test.each([
    ['oldest', 0],
    ['oldest', 10],
    ['earlier', 11],
    ['earlier', 20],
  ])('up to its end is read on from: %s, %i', (instance, offset) => {
    expect(located(instance, offset)).toEqual({ start: offset, gap: null })
  })

  test.each([
    ['oldest', 11, 10],
    ['oldest', 25, 10],
    ['earlier', 21, 20],
    ['earlier', 1_000, 20],
  ])('past its end is read on from where it ends, and told: %s, %i', (instance, offset, end) => {
    expect(located(instance, offset)).toEqual({ start: end, gap: 'journal_lost' })
  })

  test('that gave no offset is sound at its start and nowhere else', () => {
    const silent: readonly Run[] = [
      { instance: 'silent', first: 11, at: 1 },
      { instance: 'present', first: 11, at: 1 },
    ]
    expect(locate(silent, { instance: 'silent', offset: 10 }, LAST)).toEqual({ start: 10, gap: null })
    expect(locate(silent, { instance: 'silent', offset: 11 }, LAST)).toEqual({
      start: 10,
      gap: 'journal_lost',
    })
  })
})

describe('a position of a run that is not known', () => {
  test.each([0, 15, 25, 1_000])('is read on from the newest entry, and told: %i', (offset) => {
    expect(located('another', offset)).toEqual({ start: LAST, gap: 'journal_lost' })
  })

  test('is any if there are none', () => {
    expect(locate([], { instance: 'present', offset: 3 }, 0)).toEqual({
      start: 0,
      gap: 'journal_lost',
    })
  })
})

describe('the runs', () => {
  test('have a new one as their last', () => {
    const run = { instance: 'next', first: 26, at: 1 }
    expect(withRun(runs, run)).toEqual([...runs, run])
  })

  test('are the newest 64', () => {
    let many: readonly Run[] = []
    for (let first = 1; first <= 70; first++) many = withRun(many, { instance: `run ${first}`, first, at: 1 })
    expect(many).toHaveLength(64)
    expect(many[0]?.instance).toBe('run 7')
    expect(many.at(-1)?.instance).toBe('run 70')
  })

  test('that are forgotten count as not known', () => {
    let many = runs
    for (let first = 1; first <= 64; first++)
      many = withRun(many, { instance: `run ${first}`, first: 26, at: 1 })
    expect(locate(many, { instance: 'present', offset: 22 }, LAST).gap).toBe('journal_lost')
  })
})
