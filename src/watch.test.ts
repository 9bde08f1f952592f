import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { watch } from './watch.js'

const EVERY_MS = 5_000
const DEADLINE_MS = 5_000

/** Watches a worker whose answers the test gives by hand. */
const start = (known: () => string | null = () => 'run 1') => {
  /** One a question: answers it. */
  const asked: ((instance: string | null) => void)[] = []
  const told: string[] = []
  const stop = watch({
    probe: () => new Promise((resolve) => asked.push(resolve)),
    instance: known,
    hung: () => told.push('hung'),
    replaced: () => told.push('replaced'),
  })
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const answer = async (instance: string | null) => {
    asked.at(-1)?.(instance)
    await pass(0)
  }
  /** The deadline of a question passes, and a moment in which the next one is put. */
  const miss = () => pass(DEADLINE_MS + 1)
  return { asked, told, stop, pass, answer, miss }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a worker that answers', () => {
  test('is asked every 5 s, and nothing is told', async () => {
    const { asked, told, pass, answer } = start()
    expect(asked).toHaveLength(0)
    for (let count = 1; count <= 20; count++) {
      await pass(EVERY_MS - 1)
      expect(asked).toHaveLength(count - 1)
      await pass(1)
      expect(asked).toHaveLength(count)
      await answer('run 1')
    }
    expect(told).toEqual([])
  })

  test('is not asked again before it has answered', async () => {
    const { asked, told, pass, answer } = start()
    await pass(EVERY_MS)
    await pass(DEADLINE_MS - 1)
    expect(asked).toHaveLength(1)
    await answer('run 1')
    await pass(EVERY_MS - 1)
    expect(asked).toHaveLength(1)
    await pass(1)
    expect(asked).toHaveLength(2)
    expect(told).toEqual([])
  })

  test('may say anything as long as the tab is not attached', async () => {
    const { told, pass, answer } = start(() => null)
    for (const instance of ['run 1', null, 'run 2']) {
      await pass(EVERY_MS)
      await answer(instance)
    }
    expect(told).toEqual([])
  })
})

describe('a worker that does not answer', () => {
  test('is asked again at once', async () => {
    const { asked, told, pass, miss } = start()
    await pass(EVERY_MS)
    await miss()
    expect(asked).toHaveLength(2)
    expect(told).toEqual([])
  })

  test('counts as hanging the second time, which is told once', async () => {
    const { asked, told, pass, miss } = start()
    await pass(EVERY_MS)
    await miss()
    await pass(DEADLINE_MS - 1)
    expect(told).toEqual([])
    await pass(1)
    expect(told).toEqual(['hung'])
    await pass(100 * EVERY_MS)
    expect(told).toEqual(['hung'])
    expect(asked).toHaveLength(2)
  })

  test('counts as hanging also before the tab is attached', async () => {
    const { told, pass, miss } = start(() => null)
    await pass(EVERY_MS)
    await miss()
    await miss()
    expect(told).toEqual(['hung'])
  })

  test('is given two tries anew once it has answered', async () => {
    const { told, pass, answer, miss } = start()
    for (let count = 0; count < 5; count++) {
      await pass(EVERY_MS)
      await miss()
      await answer('run 1')
    }
    expect(told).toEqual([])
    await pass(EVERY_MS)
    await miss()
    await miss()
    expect(told).toEqual(['hung'])
  })

  test('is not taken at its word when an old answer comes late', async () => {
    const { asked, told, pass, answer, miss } = start()
    await pass(EVERY_MS)
    await miss()
    asked[0]?.('run 0')
    await pass(0)
    await answer('run 1')
    expect(told).toEqual([])
  })
})

describe('a worker that is another one', () => {
  test.each(['run 2', null])('is told as replaced, once: %j', async (instance) => {
    const { asked, told, pass, answer } = start()
    await pass(EVERY_MS)
    await answer(instance)
    expect(told).toEqual(['replaced'])
    await pass(100 * EVERY_MS)
    expect(told).toEqual(['replaced'])
    expect(asked).toHaveLength(1)
  })

  test('is told as replaced also when it answers the second time only', async () => {
    const { told, pass, answer, miss } = start()
    await pass(EVERY_MS)
    await miss()
    await answer('run 2')
    expect(told).toEqual(['replaced'])
  })

  test('is measured by what the tab knew when it asked', async () => {
    let known: string | null = 'run 1'
    const { told, pass, answer } = start(() => known)
    await pass(EVERY_MS)
    known = 'run 2'
    await answer('run 1')
    expect(told).toEqual([])
  })
})

describe('when it is stopped', () => {
  test('nothing is asked any more', async () => {
    const { asked, told, pass, stop } = start()
    stop()
    await pass(100 * EVERY_MS)
    expect([asked, told]).toEqual([[], []])
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each(['run 1', 'run 2', null])('an answer under way says nothing: %j', async (instance) => {
    const { asked, told, pass, answer, stop } = start()
    await pass(EVERY_MS)
    stop()
    await answer(instance)
    await pass(100 * EVERY_MS)
    expect(told).toEqual([])
    expect(asked).toHaveLength(1)
  })

  test('an answer that does not come says nothing, also the second time', async () => {
    const { asked, told, pass, stop, miss } = start()
    await pass(EVERY_MS)
    await miss()
    stop()
    await pass(100 * EVERY_MS)
    expect(told).toEqual([])
    expect(asked).toHaveLength(2)
  })
})
