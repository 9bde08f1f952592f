/**
 * `npm run bench`: tabmux and its alternatives on the same work, in turn, in one run of a real browser. Prints tables,
 * writes `test-results/bench.json` and, if it was a whole run, the chart of the README. Ends with 1 if a target is missed.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { chromium, firefox } from 'playwright'
import * as launchOptions from '../browsers.mjs'
import { root } from '../command.mjs'
import { buildPage, folder } from './app/build.mjs'
import { chart } from './chart.mjs'
import { disk } from './measures/disk.mjs'
import { group } from './measures/group.mjs'
import { growth } from './measures/growth.mjs'
import { latency } from './measures/latency.mjs'
import { memory } from './measures/memory.mjs'
import { reload } from './measures/reload.mjs'
import { resync } from './measures/resync.mjs'
import { size } from './measures/size.mjs'
import { throughput } from './measures/throughput.mjs'
import { MEASURES, readOptions } from './options.mjs'
import { profile } from './profile.mjs'
import { startRelayProcess } from './relay-process.mjs'
import { Results } from './results.mjs'
import { serve } from './site.mjs'
import { printResults, printTargets } from './table.mjs'
import { openTabs } from './tabs.mjs'
import { judge, targets } from './targets.mjs'

/** What is measured in open tabs of each contestant, in this order. */
const inTabs = { latency, throughput, memory }
/** What opens its own tabs in each round. */
const inRounds = { reload, resync, disk, group }
/** What is done once. */
const once = { growth, size }

/**
 * @template T
 * @param {Readonly<Record<string, T>>} measures
 * @param {import('./options.mjs').Options} options
 */
const chosen = (measures, { only }) =>
  Object.entries(measures).flatMap(([name, measure]) => (only.includes(name) ? [measure] : []))

/** @param {import('./tabs.mjs').Bench} bench */
const runRound = async (bench) => {
  const { options } = bench
  const measures = chosen(inTabs, options)
  for (const count of measures.length > 0 ? options.tabs : [])
    for (const contestant of options.contestants) {
      const tabs = await openTabs(bench, contestant, count)
      for (const measure of measures) await measure(tabs)
      await tabs.close()
    }
  for (const measure of chosen(inRounds, options)) await measure(bench)
}

/** @param {import('./tabs.mjs').Bench} bench */
const runAll = async (bench) => {
  const { rounds } = bench.options
  for (let round = 1; round <= rounds; round++) {
    console.log(`round ${round} of ${rounds}, load ${loadavg()[0]?.toFixed(1)}`)
    await runRound(bench)
  }
  for (const measure of chosen(once, bench.options)) await measure(bench)
}

/** @param {Results} results */
const reportSmoke = ({ rows }) => {
  const bad = rows.find(({ values }) => !values.every((value) => Number.isFinite(value)))
  if (bad)
    throw new Error(`${bad.measure} of ${bad.contestant}: expected a figure, got ${bad.values.join(', ')}`)
  console.log(`All contestants and measures work: ${rows.length} figures.`)
}

/** @param {import('./tabs.mjs').Bench} bench */
const report = ({ options, results, browser }) => {
  if (options.smoke) return reportSmoke(results)
  printResults(results)
  const judged = targets.map((target) => judge(target, (...place) => results.median(...place)))
  printTargets(judged)
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg() }
  const versions = { node: process.version, [options.browser]: browser.version() }
  const written = {
    at: new Date().toISOString(),
    ...machine,
    ...versions,
    options,
    judged,
    rows: results.rows,
  }
  mkdirSync(join(root, 'test-results'), { recursive: true })
  writeFileSync(join(root, 'test-results/bench.json'), `${JSON.stringify(written, null, 2)}\n`)
  const isWhole = options.only.length === MEASURES.length && judged.every(({ got }) => got !== null)
  if (isWhole && options.browser === 'chromium') writeFileSync(join(root, 'docs/bench.svg'), chart(results))
  if (judged.some(({ verdict }) => verdict === 'MISSED')) process.exitCode = 1
}

const main = async () => {
  const options = readOptions()
  await buildPage({ minify: !options.profile })
  const { relay, close } = await startRelayProcess()
  const site = await serve(folder)
  const browser =
    options.browser === 'chromium'
      ? await chromium.launch(launchOptions.chromium())
      : await firefox.launch(launchOptions.firefox())
  const bench = { browser, relay, site, results: new Results(), options }
  try {
    if (options.profile) return await profile(bench)
    await runAll(bench)
    report(bench)
  } finally {
    await browser.close()
    site.close()
    close()
  }
}

await main()
