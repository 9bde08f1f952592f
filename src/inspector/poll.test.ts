import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { poll } from './poll.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Somebody who asks, with what comes of it. */
const asking = (answer: () => Promise<number>) => {
  const told: unknown[] = []
  const counts = { asked: 0, isSeen: true }
  const end = poll({
    ask: () => {
      counts.asked += 1
      return answer()
    },
    isSeen: () => counts.isSeen,
    answered: (value) => told.push(value),
    failed: (error) => told.push(error),
  })
  return { told, counts, end }
}

test('asks at once, and 500 ms after each answer', async () => {
  const { told, counts } = asking(async () => 7)
  await vi.advanceTimersByTimeAsync(499)
  expect(counts.asked).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(counts.asked).toBe(2)
  expect(told).toEqual([7, 7])
})

test('puts no question while one is open', async () => {
  const { counts } = asking(() => new Promise(() => undefined))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(counts.asked).toBe(1)
})

test('asks nothing while nobody looks, and goes on when somebody does', async () => {
  const { counts } = asking(async () => 7)
  counts.isSeen = false
  await vi.advanceTimersByTimeAsync(60_000)
  expect(counts.asked).toBe(1)
  counts.isSeen = true
  await vi.advanceTimersByTimeAsync(500)
  expect(counts.asked).toBe(2)
})

test('tells of an error, and asks again', async () => {
  const error = new Error('no')
  const { told } = asking(() => Promise.reject(error))
  await vi.advanceTimersByTimeAsync(500)
  expect(told).toEqual([error, error])
})

test('ends, and leaves no timer', async () => {
  const { counts, end } = asking(async () => 7)
  await vi.advanceTimersByTimeAsync(0)
  end()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(counts.asked).toBe(1)
})

test('tells nobody of an answer that comes after its end', async () => {
  let give: (value: number) => void = () => undefined
  const { told, end } = asking(() => new Promise((resolve) => (give = resolve)))
  end()
  give(7)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([])
})
