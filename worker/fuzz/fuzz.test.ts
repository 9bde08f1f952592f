import { expect, test } from 'vitest'
import { fuzzDecode, fuzzPort, tryLargeFrames } from './fuzz.js'

// `npm run fuzz` gives them a million.

test('decode takes whatever a relay sends', { timeout: 60_000 }, () => {
  const { events, answers, refused } = fuzzDecode(5_000, 1)
  // Inputs that are all refused, or none, would try little.
  expect(Math.min(events, answers, refused)).toBeGreaterThan(100)
})

test('decode takes frames of the largest length and depth', { timeout: 60_000 }, tryLargeFrames)

test('a port takes whatever the other end posts, and calls its methods only', { timeout: 60_000 }, () =>
  fuzzPort(20_000, 1),
)
