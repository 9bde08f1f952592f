import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServerEventSchema } from '../src/protocol/index.js'
import { frameShapes } from '../src/protocol/shapes.js'
import { frames } from './fuzz/frames.js'
import { checkerOf } from './shape.js'

/** Without a type that decides what is asked of it, it is not for the check to judge. */
const parse = (data: unknown): { readonly type?: unknown } | null => {
  try {
    return typeof data === 'string' ? JSON.parse(data) : null
  } catch {
    return null
  }
}

test(
  'what passes is what the schemas let pass, for sound frames and for damaged ones',
  { timeout: 60_000 },
  () => {
    const verdicts = { passed: 0, refused: 0 }
    fc.assert(
      fc.property(frames, (data) => {
        const frame = parse(data)
        const type = frame?.type
        if (typeof type !== 'string' || !Object.hasOwn(frameShapes, type)) return
        const passes = checkerOf(frameShapes[type]!)(frame) === null
        verdicts[passes ? 'passed' : 'refused'] += 1
        expect(passes).toBe(ServerEventSchema.safeParse(frame).success)
      }),
      { numRuns: 5_000 },
    )
    expect(Math.min(verdicts.passed, verdicts.refused)).toBeGreaterThan(50)
  },
)

test.each([
  ['string', 7, ': expected a string, got a number'],
  ['a|b', 'c', ': expected one of a, b, got a string'],
  [['count'], [1, -1], '.1: expected a whole number, got a number'],
  [{ a: { 'b?': 'boolean' } }, { a: { b: null } }, '.a.b: expected a boolean, got null'],
  [{ 'a~': 'object' }, {}, '.a: expected an object, got undefined'],
  [{ a: 'guid' }, [], ': expected an object, got an array'],
] as const)('%o refuses %o, and says where and why', (shape, value, problem) => {
  expect(checkerOf(shape)(value)).toBe(problem)
})

test.each([
  ['amount', Number.POSITIVE_INFINITY],
  ['a|b', 'b'],
  [{ 'a?~': 'string' }, {}],
  [{ 'a?~': 'string' }, { a: null, b: 7 }],
  [[['number']], [[], [1.5]]],
] as const)('%o takes %o', (shape, value) => {
  expect(checkerOf(shape)(value)).toBeNull()
})
