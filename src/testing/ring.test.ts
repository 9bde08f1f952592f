import { describe, expect, test } from 'vitest'
import { Ring } from './ring.js'

const ringOf = (size: number, ...numbers: number[]): Ring => {
  const ring = new Ring(size)
  for (const seq of numbers) ring.add({ seq, text: `event ${seq}` })
  return ring
}
const held = (ring: Ring, after = 0): readonly number[] => ring.after(after).map(({ seq }) => seq)

describe('a ring', () => {
  test('gives what it holds after a number, oldest first', () => {
    expect(held(ringOf(5, 1, 2, 3, 4), 2)).toEqual([3, 4])
  })

  test('keeps the newest and knows up to where it lost', () => {
    const ring = ringOf(3, 1, 2, 3, 4, 5)
    expect(held(ring)).toEqual([3, 4, 5])
    expect(ring.lostUpTo).toBe(2)
  })

  test('puts an event that comes late in its place', () => {
    expect(held(ringOf(5, 1, 3, 4, 2))).toEqual([1, 2, 3, 4])
  })

  test('that is full forgets a late event older than all it holds', () => {
    const ring = ringOf(2, 2, 3, 1)
    expect(held(ring)).toEqual([2, 3])
    expect(ring.lostUpTo).toBe(1)
  })

  test('has lost everything once it was cleared', () => {
    const ring = ringOf(5, 1, 2, 3)
    ring.clear()
    expect(held(ring)).toEqual([])
    expect(ring.lostUpTo).toBe(3)
  })

  test('has lost nothing while it was never full', () => {
    expect(ringOf(3, 1, 2, 3).lostUpTo).toBe(0)
  })
})
