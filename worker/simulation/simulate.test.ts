import { expect, test } from 'vitest'
import { describe as linesOf, found, search, simulate } from './simulation.js'

/** About a minute's worth on two cores. */
const SEEDS = 1_000

test(
  `${SEEDS} seeds make the hub lose, repeat or disorder no event without a word, and tell no gap without need`,
  { timeout: 600_000 },
  async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const finding = await search(seed, async (scenario) => (await simulate(scenario)).faults.length > 0)
      if (!finding) continue
      const again = `npm run simulate -- --from ${seed} --seeds 1 --path ${finding.path} --trace`
      expect.fail([`seed ${seed}`, ...linesOf(finding.scenario), again].join('\n'))
    }
  },
)

test.each(Object.entries(found))('found once: %s', async (_, scenario) => {
  expect((await simulate(scenario)).faults).toEqual([])
})

test('the same scenario gives the same run', async () => {
  const lines = async (): Promise<string[]> => {
    const traced: string[] = []
    await search(7, async (scenario) => {
      await simulate(scenario, (line) => traced.push(line))
      return false
    })
    return traced
  }
  expect(await lines()).toEqual(await lines())
})
