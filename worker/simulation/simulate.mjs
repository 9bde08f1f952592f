/**
 * `npm run simulate -- --seeds N [--from S] [--trace]`: runs of the simulation, as many as wanted. Prints each seed
 * that shows a fault; `--from S --seeds 1 --trace` runs one of them again and prints all that happens in it.
 */
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
})
const [seeds, from] = [Number(values.seeds), Number(values.from)]
if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(from) || seeds < 1) {
  console.error(`expected whole numbers for --seeds and --from, got ${values.seeds} and ${values.from}`)
  process.exit(2)
}

/** @type {{ module: typeof import('./world.js') }} */
const { module } = await runnerImport('./worker/simulation/world.ts', {
  configFile: false,
  logLevel: 'error',
})
const trace = values.trace ? console.log : undefined
const total = { runs: 0, failed: 0, events: 0, deliveries: 0 }
for (let seed = from; seed < from + seeds; seed++) {
  const { faults, events, deliveries } = await module.simulate(seed, trace ? { trace } : {})
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
process.exit(total.failed > 0 ? 1 : 0)
