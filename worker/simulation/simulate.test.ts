import { expect, test } from 'vitest'
import { simulate } from './world.js'

test('no seed makes the hub lose, repeat or disorder an event without a word', async () => {
  const failures: string[] = []
  const from = Number(process.env['SEED'] ?? 1)
  const count = Number(process.env['SEEDS'] ?? 200)
  let events = 0
  for (let seed = from; seed < from + count; seed++) {
    const outcome = await simulate(seed)
    events += outcome.deliveries
    if (outcome.faults.length > 0)
      failures.push(`seed ${seed}: ${JSON.stringify(outcome.faults.slice(0, 3))}`)
  }
  console.log(events, failures.length, failures.slice(0, 12).join('\n'))
  expect(failures.length).toEqual(0)
}, 600_000)
