import { describe, expect, test } from 'vitest'
import { Numbers } from './numbers.js'

const { CAPACITY } = Numbers

/** How many of those from `first` to `last` are kept. */
const countOf = (numbers: Numbers, first: number, last: number): number => {
  let count = 0
  for (let seq = first; seq <= last; seq += 1) if (numbers.has(seq)) count += 1
  return count
}

const numbersOf = (...seqs: readonly number[]): Numbers => {
  const numbers = new Numbers()
  for (const seq of seqs) numbers.add(seq)
  return numbers
}

describe('a number', () => {
  test('is there once it is added, and no other is', () => {
    const numbers = numbersOf(7)
    expect([6, 7, 8].map((seq) => numbers.has(seq))).toEqual([false, true, false])
  })

  test('may be 0', () => {
    expect(numbersOf(0).has(0)).toBe(true)
  })

  test('is gone after all are cleared', () => {
    const numbers = numbersOf(7, 8)
    numbers.clear()
    expect([7, 8].map((seq) => numbers.has(seq))).toEqual([false, false])
  })
})

describe('the capacity', () => {
  test('is 1,000', () => {
    expect(CAPACITY).toBe(1_000)
  })

  test('is what is kept: all up to it, and no more', () => {
    const numbers = new Numbers()
    for (let seq = 1; seq <= CAPACITY; seq += 1) numbers.add(seq)
    expect(countOf(numbers, 1, CAPACITY)).toBe(CAPACITY)
    numbers.add(CAPACITY + 1)
    expect(countOf(numbers, 1, CAPACITY + 1)).toBe(CAPACITY)
  })

  test('forgets the oldest first, and not the smallest', () => {
    const numbers = numbersOf(9_000, 8_000)
    for (let seq = 1; seq < CAPACITY; seq += 1) numbers.add(seq)
    expect([9_000, 8_000, 1].map((seq) => numbers.has(seq))).toEqual([false, true, true])
  })

  test('does not count a number twice', () => {
    const numbers = numbersOf(7, 7, 7)
    for (let seq = 1_001; seq < 1_000 + CAPACITY; seq += 1) numbers.add(seq)
    expect(numbers.has(7)).toBe(true)
    numbers.add(5_000)
    expect(numbers.has(7)).toBe(false)
  })
})

describe('a range', () => {
  test('is added with both its ends', () => {
    const numbers = new Numbers()
    numbers.addRange(3, 5)
    expect([2, 3, 4, 5, 6].map((seq) => numbers.has(seq))).toEqual([false, true, true, true, false])
  })

  test('may be one number', () => {
    const numbers = new Numbers()
    numbers.addRange(3, 3)
    expect(countOf(numbers, 0, 10)).toBe(1)
  })

  test('may be none', () => {
    const numbers = new Numbers()
    numbers.addRange(4, 3)
    expect(countOf(numbers, 0, 10)).toBe(0)
  })

  test('joins what is there', () => {
    const numbers = numbersOf(1)
    numbers.addRange(3, 4)
    expect([1, 3, 4].map((seq) => numbers.has(seq))).toEqual([true, true, true])
  })

  // A loop over all of it would take longer than a test may.
  test('that is huge costs no more than what is kept: its end', () => {
    const last = Number.MAX_SAFE_INTEGER
    const first = last - 50_000_000
    const numbers = numbersOf(0)
    numbers.addRange(first, last)
    expect(numbers.has(last)).toBe(true)
    expect(numbers.has(last - CAPACITY + 1)).toBe(true)
    expect(numbers.has(last - CAPACITY)).toBe(false)
    expect([0, first].map((seq) => numbers.has(seq))).toEqual([false, false])
  })
})

describe('to drop those up to a number', () => {
  test('drops it and all below it, in whatever order they came', () => {
    const numbers = numbersOf(9, 3, 5, 4, 1)
    numbers.dropUpTo(4)
    expect([1, 3, 4, 5, 9].map((seq) => numbers.has(seq))).toEqual([false, false, false, true, true])
  })

  test('makes room', () => {
    const numbers = new Numbers()
    numbers.addRange(1, CAPACITY)
    numbers.dropUpTo(10)
    numbers.addRange(CAPACITY + 1, CAPACITY + 10)
    expect(countOf(numbers, 1, CAPACITY + 10)).toBe(CAPACITY)
    expect(numbers.has(11)).toBe(true)
  })

  test('does nothing if there are none', () => {
    const numbers = numbersOf(7)
    numbers.dropUpTo(6)
    expect(numbers.has(7)).toBe(true)
  })
})
