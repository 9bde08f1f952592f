import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoff, judgeClose } from './backoff.js'

const options = { reconnectBaseDelayMs: 1_000, reconnectMaxDelayMs: 30_000 }

describe('the delay', () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [5, 16_000],
    [6, 30_000],
    [30, 30_000],
    [5_000, 30_000],
  ])('before attempt %i is %i ms in the middle of its spread', (attempt, delay) => {
    expect(backoff(attempt, options, 0.5)).toBe(delay)
  })

  test.each([
    [0, 500],
    [0.25, 750],
    [0.999, 1_499],
  ])('is spread by the random number %d to %i ms', (random, delay) => {
    expect(backoff(1, options, random)).toBe(delay)
  })

  test('is never longer than the longest, if the first is', () => {
    expect(backoff(1, { reconnectBaseDelayMs: 60_000, reconnectMaxDelayMs: 30_000 }, 0.5)).toBe(30_000)
  })

  test('is 0 if the first is 0', () => {
    expect(backoff(7, { reconnectBaseDelayMs: 0, reconnectMaxDelayMs: 30_000 }, 0.9)).toBe(0)
  })

  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const attempts = fc.integer({ min: 1, max: 100 })

  test('is a whole number between half and one and a half of the longest', () => {
    fc.assert(
      fc.property(attempts, random, (attempt, spread) => {
        const delay = backoff(attempt, options, spread)
        return Number.isInteger(delay) && delay >= 500 && delay <= 45_000
      }),
    )
  })

  test('does not become shorter with the attempts', () => {
    fc.assert(
      fc.property(
        attempts,
        random,
        (attempt, spread) => backoff(attempt + 1, options, spread) >= backoff(attempt, options, spread),
      ),
    )
  })

  test('is one that a timer can wait for, however long the app asks for', () => {
    const longest = { reconnectBaseDelayMs: 2_147_483_647, reconnectMaxDelayMs: 2_147_483_647 }
    expect(backoff(1, longest, 0.9)).toBeLessThanOrEqual(2_147_483_647)
  })
})

describe('a socket closed with', () => {
  test.each([1008, 4401, 4403])('code %i says that the token is refused', (code) => {
    expect(judgeClose(code)).toBe('token_refused')
  })

  test.each([
    [1000, 'normal'],
    [1001, 'going away'],
    [1005, 'no code'],
    [1006, 'no closing handshake'],
    [1011, 'the relay failed'],
    [1012, 'the relay restarts'],
    [1013, 'try again later'],
    [4000, 'unknown'],
  ])('code %i (%s) says to try again', (code) => {
    expect(judgeClose(code)).toBe('retry')
  })
})
