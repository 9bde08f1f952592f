import { expect, test } from 'vitest'
import { simulate } from './world.js'

test(
  'no seed makes the hub lose, repeat or disorder an event without a word',
  { timeout: 60_000 },
  async () => {
    const failures: object[] = []
    for (let seed = 100_000; seed < 100_400; seed++) {
      const { faults } = await simulate(seed)
      if (faults.length > 0) failures.push({ seed, faults: faults.slice(0, 3) })
    }
    expect(failures).toEqual([])
  },
)

test('the same seed gives the same run', async () => {
  const lines = async (): Promise<string[]> => {
    const traced: string[] = []
    await simulate(7, { trace: (line) => traced.push(line) })
    return traced
  }
  expect(await lines()).toEqual(await lines())
})
