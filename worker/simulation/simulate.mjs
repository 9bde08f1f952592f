/**
 * Runs of the simulation, as many as wanted.
 *
 * - `npm run simulate -- --seeds N [--from S]` prints for each seed that shows a fault the smallest scenario found;
 * - `npm run simulate -- --from S --seeds 1 [--path P] [--trace]` runs one of them again, and prints all that happens;
 * - `npm run simulate -- --mutations` breaks each rule in turn, and fails if N seeds do not show it.
 */
import { parseArgs } from 'node:util'
import { load } from './load.mjs'
import { mutations, searchMutation } from './mutations.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    path: { type: 'string' },
    trace: { type: 'boolean', default: false },
    mutations: { type: 'boolean', default: false },
  },
})
const [seeds, from] = [Number(values.seeds), Number(values.from)]
if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(from) || seeds < 1) {
  console.error(`expected whole numbers for --seeds and --from, got ${values.seeds} and ${values.from}`)
  process.exit(2)
}

const runSeeds = async () => {
  const { search, simulate, describe } = await load()
  const total = { runs: 0, failed: 0, events: 0, deliveries: 0 }
  const trace = values.trace ? console.log : undefined
  for (let seed = from; seed < from + seeds; seed++) {
    /** @type {Awaited<ReturnType<typeof simulate>>[]} */
    const outcomes = []
    const finding = await search(
      seed,
      async (scenario) => {
        const outcome = await simulate(scenario, trace)
        outcomes.push(outcome)
        return outcome.faults.length > 0
      },
      { path: values.path, shrinks: !values.trace },
    )
    total.runs += 1
    total.events += outcomes[0]?.events ?? 0
    total.deliveries += outcomes[0]?.deliveries ?? 0
    if (!finding) continue
    total.failed += 1
    const { faults } = await simulate(finding.scenario)
    console.log(`\nseed ${seed}: ${JSON.stringify(faults.slice(0, 5))}`)
    for (const line of describe(finding.scenario)) console.log(`  ${line}`)
    console.log(`  as a value: ${JSON.stringify(finding.scenario)}`)
    console.log(`  again: npm run simulate -- --from ${seed} --seeds 1 --path ${finding.path} --trace`)
  }
  console.log(
    `${total.runs} runs, ${total.failed} failed, ${total.events} events, ${total.deliveries} deliveries`,
  )
  return total.failed === 0
}

const runMutations = async () => {
  let missed = 0
  for (const mutation of mutations) {
    const found = await searchMutation(await load(mutation), mutation, seeds)
    if (!found) missed += 1
    const how = found ? ` (${found.by}: ${found.fault.kind})` : ''
    console.log(`${found ? 'found ' : 'MISSED'}  ${mutation.rule}${how}`)
  }
  console.log(`${mutations.length - missed} found, ${missed} missed`)
  return missed === 0
}

process.exit((await (values.mutations ? runMutations() : runSeeds())) ? 0 : 1)
