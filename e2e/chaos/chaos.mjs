/**
 * Chaos in real browsers: `npm run chaos -- --minutes M [--browser chromium|firefox|both] [--tabs N] [--seed S] [--trace]`.
 * Ends with 1 if a tab was not told what it was owed. The figures are left in `test-results/chaos.json`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'
import { root, run as runCommand } from '../command.mjs'
import { buildApp } from './build-app.mjs'
import { details, findings, table } from './report.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    browser: { type: 'string', default: 'both' },
    tabs: { type: 'string', default: '12' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    trace: { type: 'boolean', default: false },
  },
})
const [minutes, tabs, seed] = [Number(values.minutes), Number(values.tabs), Number(values.seed)]
const browsers = /** @type {const} */ (['chromium', 'firefox']).filter(
  (browser) => values.browser === 'both' || values.browser === browser,
)
if (!(minutes > 0) || !(tabs >= 1 && tabs <= 12) || !Number.isSafeInteger(seed) || browsers.length === 0) {
  console.error(
    'expected --minutes above 0, --tabs from 1 to 12, a whole number for --seed, and chromium, firefox or both for --browser',
  )
  process.exit(2)
}

if (!existsSync(join(root, 'dist/src/testing/index.js')) && !runCommand('npm', ['run', 'build']))
  process.exit(1)
const files = await buildApp()
/** @type {{ module: typeof import('./run.js') }} */
const { module: chaos } = await runnerImport('./e2e/chaos/run.ts', {
  root,
  configFile: false,
  logLevel: 'error',
})

/** @type {import('./outcome.js').Outcome[]} */
const outcomes = []
for (const browser of browsers) {
  console.log(`${browser}: ${minutes} minutes from seed ${seed} …`)
  const trace = values.trace ? console.log : () => undefined
  outcomes.push(await chaos.run({ browser, seed, minutes, maxTabs: tabs, files, trace }))
}
const reports = join(root, 'test-results')
mkdirSync(reports, { recursive: true })
writeFileSync(join(reports, 'chaos.json'), JSON.stringify(outcomes, null, 2))
for (const outcome of outcomes) {
  console.log(`\n${details(outcome)}`)
  const found = findings(outcome)
  if (found) console.log(found)
}
console.log(`\n${table(outcomes)}`)
const failed = outcomes.filter(({ verdicts }) => verdicts.length > 0)
if (failed.length > 0)
  console.log(
    `\n${failed.map(({ browser }) => browser).join(' and ')} failed: the same order of faults again: --seed ${seed}`,
  )
process.exit(failed.length > 0 ? 1 : 0)
