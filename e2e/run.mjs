/**
 * `npm test`: installs what is missing, then runs every check. One that fails does not hide the others.
 * `npm test -- --only unit,lint` runs just these.
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBrowsers } from './browsers.mjs'
import { root, run } from './command.mjs'
import { install } from './install.mjs'

/**
 * @typedef {object} Step
 * @property {string} name For `--only`.
 * @property {string} command
 * @property {string} [report] Where a test runner leaves its counts.
 * @property {boolean} [browsers] Whether it needs them.
 */

/**
 * @param {string} project
 * @returns {Step}
 */
const vitest = (project) => {
  const report = `test-results/${project}.json`
  const reporters = `--reporter=default --reporter=json --outputFile.json=${report}`
  return { name: project, command: `vitest run --root . --project ${project} ${reporters}`, report }
}

/** @type {Step[]} */
const steps = [
  { name: 'format', command: 'prettier --check .' },
  { name: 'lint', command: 'oxlint --deny-warnings' },
  { name: 'types', command: 'tsc --noEmit' },
  { name: 'build', command: 'npm run build' },
  { name: 'snippets', command: 'npm run snippets' },
  { name: 'docs', command: 'npm run docs' },
  vitest('unit'),
  { ...vitest('browser'), browsers: true },
  { name: 'e2e', command: 'playwright test', report: 'test-results/e2e.json', browsers: true },
  { name: 'chaos', command: 'npm run chaos -- --minutes 0.2 --tabs 4 --seed 7461', browsers: true },
  { name: 'bench-smoke', command: 'node e2e/bench/bench.mjs --smoke', browsers: true },
  { name: 'publint', command: 'publint --strict' },
  { name: 'attw', command: 'attw --pack . --profile esm-only --format table-flipped' },
  { name: 'knip', command: 'knip' },
  { name: 'size', command: 'size-limit' },
  { name: 'package', command: 'node e2e/packed.mjs', report: 'test-results/package.json', browsers: true },
  { name: 'examples', command: 'npm run examples', browsers: true },
  { name: 'release', command: 'npm run release -- --dry-run' },
]

/** Which steps to run: those named by `--only`, or all. */
const chosenSteps = () => {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
  if (only === undefined) return steps
  return only.split(',').map((name) => {
    const step = steps.find((known) => known.name === name)
    if (step) return step
    throw new Error(`--only takes some of ${steps.map((known) => known.name).join(',')}; got ${name}.`)
  })
}

/**
 * The names of what failed, in a JSON report of Vitest or Playwright or any part of one.
 * @param {any} part
 * @returns {string[]}
 */
const failuresIn = ({ suites = [], specs = [], testResults = [], assertionResults = [] }) => [
  ...suites.flatMap(failuresIn),
  ...specs
    .filter((/** @type {{ ok: boolean }} */ { ok }) => !ok)
    .map((/** @type {any} */ { file, title, tests }) => `${file}: ${title} (${tests[0].projectName})`),
  ...testResults.flatMap(failuresIn),
  ...assertionResults
    .filter((/** @type {{ status: string }} */ { status }) => status === 'failed')
    .map((/** @type {{ fullName: string }} */ { fullName }) => fullName),
]

/** @param {string} file The path of a JSON report of Vitest or Playwright. */
const readReport = (file) => {
  const report = JSON.parse(readFileSync(join(root, file), 'utf8'))
  const { stats } = report
  const failures = failuresIn(report)
  return stats
    ? { passed: stats.expected, failed: stats.unexpected, skipped: stats.skipped, failures }
    : {
        passed: report.numPassedTests,
        failed: report.numFailedTests,
        skipped: report.numPendingTests,
        failures,
      }
}

/** @param {Step} step */
const runStep = ({ name, command, report }) => {
  console.log(`\n━━━ ${name}: ${command}\n`)
  if (report) rmSync(join(root, report), { force: true })
  const start = performance.now()
  const [program = '', ...args] = command.split(' ')
  const ok = run(program, args)
  const seconds = (performance.now() - start) / 1_000
  let counts = { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: /** @type {string[]} */ ([]) }
  try {
    if (report) counts = readReport(report)
  } catch {
    // The runner ended before it could report: the step itself counts as one.
  }
  // A runner can also fail without a failed test, by a file that does not load.
  if (!ok) counts.failed = Math.max(counts.failed, 1)
  return { name, ok, seconds, ...counts }
}

const main = async () => {
  const chosen = chosenSteps()
  install()
  if (chosen.some((step) => step.browsers)) await ensureBrowsers()
  const results = chosen.map(runStep)

  console.log('\n━━━ summary\n')
  for (const { name, ok, seconds, passed, failed, failures } of results) {
    const tests = passed + failed > 1 ? `   ${passed} passed, ${failed} failed` : ''
    console.log(`${name.padEnd(13)}${ok ? 'ok    ' : 'FAILED'}${seconds.toFixed(1).padStart(8)} s${tests}`)
    for (const failure of failures) console.log(`  ✘ ${failure}`)
  }
  const total = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    results.reduce((sum, result) => sum + result[key], 0)
  const skipped = total('skipped')
  console.log(
    `\n${total('passed')} passed, ${total('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`,
  )
  if (results.some((result) => !result.ok)) process.exitCode = 1
}

main().catch((/** @type {Error} */ error) => {
  console.error(`\n${error.message}`)
  console.log('\n0 passed, 1 failed')
  process.exitCode = 1
})
