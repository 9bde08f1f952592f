/**
 * `npm run fuzz [-- --inputs N] [--seed S]`: gives `decode` and the ports three and one of every four inputs (a million
 * in all), and sees that the heap does not grow with them. The same seed gives the same inputs.
 */
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({
  options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})
const [inputs, seed] = [Number(values.inputs), Number(values.seed)]
if (!Number.isSafeInteger(inputs) || inputs < 100 || !Number.isSafeInteger(seed)) {
  console.error(
    `expected whole numbers, 100 or more for --inputs, got ${values.inputs} and --seed ${values.seed}`,
  )
  process.exit(2)
}

/** How many parts a run has: the heap after the first is compared with that after the last. */
const PARTS = 10
/** How much larger it may be, in bytes. */
const MOST_GROWTH = 16 * 2 ** 20

/** @type {{ module: typeof import('./fuzz.js') }} */
const { module } = await runnerImport('./worker/fuzz/fuzz.ts', { configFile: false, logLevel: 'error' })

const heap = () => {
  if (!globalThis.gc) throw new Error('expected node to run with --expose-gc')
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/**
 * @param {string} name
 * @param {number} count
 * @param {(inputs: number, seed: number) => unknown} fuzz
 */
const runParts = async (name, count, fuzz) => {
  const start = performance.now()
  const each = Math.ceil(count / PARTS)
  let [first, last] = [0, 0]
  for (let part = 0; part < PARTS; part++) {
    const result = await fuzz(each, seed * PARTS + part)
    last = heap()
    if (part === 0) first = last
    const told = result === undefined ? '' : `, ${JSON.stringify(result)}`
    console.log(`${name}: ${each * (part + 1)} inputs, heap ${megabytes(last)}${told}`)
  }
  const seconds = (performance.now() - start) / 1_000
  console.log(`${name}: ${Math.round((each * PARTS) / seconds)} inputs/s, ${seconds.toFixed(0)} s`)
  if (last - first > MOST_GROWTH)
    throw new Error(`${name}: the heap has grown from ${megabytes(first)} to ${megabytes(last)}`)
}

module.tryLargeFrames()
await runParts('decode', inputs * 0.75, module.fuzzDecode)
await runParts('port', inputs * 0.25, module.fuzzPort)
console.log('no crash, no pollution, no leak of values, no growth')
process.exit(0)
