/**
 * Runs of the simulation, as many as wanted.
 *
 * - `npm run simulate -- --seeds N [--from S]` prints each seed that shows a fault;
 * - `npm run simulate -- --from S --seeds 1 --trace` runs one of them again and prints all that happens in it;
 * - `npm run simulate -- --mutations` breaks each rule in turn, and fails if N seeds do not show it.
 */
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'
import { mutations } from './mutations.mjs'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    mutations: { type: 'boolean', default: false },
  },
})
const [seeds, from] = [Number(values.seeds), Number(values.from)]
if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(from) || seeds < 1) {
  console.error(`expected whole numbers for --seeds and --from, got ${values.seeds} and ${values.from}`)
  process.exit(2)
}

/**
 * The world, with a change in the sources of the hub if there is one.
 * @param {import('./mutations.mjs').Mutation} [mutation]
 * @returns {Promise<typeof import('./world.js').simulate>}
 */
const load = async (mutation) => {
  const plugin = {
    name: 'mutate',
    /** @type {(code: string, id: string) => string | undefined} */
    transform: (code, id) => {
      if (!mutation || !id.endsWith(`/worker/${mutation.file}`)) return
      if (!code.includes(mutation.from))
        throw new Error(`expected ${mutation.file} to contain: ${mutation.from}`)
      return code.replace(mutation.from, () => mutation.to)
    },
  }
  const config = /** @type {const} */ ({ configFile: false, logLevel: 'error' })
  /** @type {{ module: typeof import('./world.js') }} */
  const { module } = await runnerImport('./worker/simulation/world.ts', {
    ...config,
    plugins: [{ ...plugin, enforce: 'pre' }],
  })
  return module.simulate
}

const runSeeds = async () => {
  const simulate = await load()
  const total = { runs: 0, failed: 0, events: 0, deliveries: 0 }
  for (let seed = from; seed < from + seeds; seed++) {
    const { faults, events, deliveries } = await simulate(seed, values.trace ? { trace: console.log } : {})
    total.runs += 1
    total.events += events
    total.deliveries += deliveries
    if (faults.length === 0) continue
    total.failed += 1
    console.log(`seed ${seed}: ${JSON.stringify(faults.slice(0, 5))}`)
  }
  console.log(
    `${total.runs} runs, ${total.failed} failed, ${total.events} events, ${total.deliveries} deliveries`,
  )
  return total.failed === 0
}

const runMutations = async () => {
  let missed = 0
  for (const mutation of mutations) {
    const simulate = await load(mutation)
    let found = null
    for (let seed = from; seed < from + seeds && !found; seed++) {
      const [fault] = (await simulate(seed)).faults
      if (fault) found = `seed ${seed}: ${fault.kind}`
    }
    if (!found) missed += 1
    console.log(`${found ? 'found ' : 'MISSED'}  ${mutation.rule}${found ? ` (${found})` : ''}`)
  }
  console.log(`${mutations.length - missed} found, ${missed} missed`)
  return missed === 0
}

process.exit((await (values.mutations ? runMutations() : runSeeds())) ? 0 : 1)
