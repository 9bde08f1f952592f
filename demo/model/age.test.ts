import { expect, test } from 'vitest'
import { ageText } from './age.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

test.each([
  [0, 'just now'],
  [MINUTE - 1, 'just now'],
  [MINUTE, '1 min ago'],
  [3 * MINUTE + 59 * SECOND, '3 min ago'],
  [HOUR - 1, '59 min ago'],
  [HOUR, '1 h ago'],
  [24 * HOUR - 1, '23 h ago'],
  [24 * HOUR, '1 d ago'],
  [7 * 24 * HOUR, '7 d ago'],
])('after %i ms it says: %s', (ms, text) => {
  expect(ageText(ms)).toBe(text)
})

test('what another clock has dated ahead is new', () => {
  expect(ageText(-5 * MINUTE)).toBe('just now')
})
