/**
 * `npm run bench -- --profile`: what a burst costs each kind of thread, where the time goes in tabmux's worker and tab, and
 * what the entries are made of. Chromium only; threads on Linux only.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../command.mjs'
import { composition } from './composition.mjs'
import { openTabs } from './tabs.mjs'
import { threads } from './threads.mjs'

/**
 * The parts of a CPU profile that are used.
 * @typedef {object} CpuProfile
 * @property {readonly { readonly id: number, readonly callFrame: { readonly functionName: string, readonly lineNumber: number, readonly url: string } }[]} nodes
 * @property {readonly number[]} samples
 * @property {readonly number[]} timeDeltas
 */

/** The longest of the functions' own times, as lines. @param {CpuProfile} profile */
const summary = ({ nodes, samples, timeDeltas }) => {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1}`,
    ]),
  )
  /** @type {Map<string, number>} */
  const times = new Map()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? ''
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  }
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0)
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 25)
    .map(
      ([name, time]) =>
        `${((time / total) * 100).toFixed(1).padStart(6)} %  ${(time / 1_000).toFixed(0).padStart(6)} ms  ${name}`,
    )
}

/** @param {import('./devtools.mjs').Target} target @param {() => Promise<unknown>} work @returns {Promise<CpuProfile>} */
const profiled = async (target, work) => {
  await target.send('Profiler.enable')
  await target.send('Profiler.setSamplingInterval', { interval: 200 })
  await target.send('Profiler.start')
  await work()
  return (await target.send('Profiler.stop')).profile
}

/** @param {import('./tabs.mjs').Bench} bench */
export const profile = async (bench) => {
  if (process.platform === 'linux') await threads(bench)
  await functions(bench)
  await composition()
}

/** CPU profiles of tabmux's worker and of one of its tabs. @param {import('./tabs.mjs').Bench} bench */
const functions = async (bench) => {
  const { options } = bench
  const out = join(root, 'test-results')
  mkdirSync(out, { recursive: true })
  for (const count of options.tabs) {
    const tabs = await openTabs(bench, 'tabmux', count)
    await tabs.burst(options.burst)
    const [tab] = tabs.devtools
    if (!tab) throw new Error('--profile needs Chromium.')
    // One after the other: to be sampled slows a thread down.
    const work = () => tabs.burst(options.burst)
    const taken = {
      worker: await tabs.withWorker((worker) => profiled(worker, work)),
      tab: await profiled(tab, work),
    }
    for (const [name, cpuProfile] of Object.entries(taken)) {
      if (!cpuProfile) continue
      const file = `bench-${name}-${count}.cpuprofile`
      writeFileSync(join(out, file), JSON.stringify(cpuProfile))
      console.log(
        `\n${name}, ${count} tabs (test-results/${file}): own time\n${summary(cpuProfile).join('\n')}`,
      )
    }
    await tabs.close()
  }
}
