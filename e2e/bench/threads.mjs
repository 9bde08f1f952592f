/** Which of the browser's threads a burst keeps busy, as Linux counts it. Chromium only. */
import { readdirSync, readFileSync } from 'node:fs'
import { NAMES } from './options.mjs'
import { openTabs } from './tabs.mjs'

/** What Chromium and Linux call them, and what they do here. @type {readonly (readonly [name: RegExp, what: string])[]} */
const kinds = [
  [/^network\./, 'network service'],
  [/^storage\./, 'sessionStorage service'],
  [/^renderer SharedWorker/, 'thread of the SharedWorker'],
  [/^renderer main/, 'main threads of the tabs'],
  [/^renderer Chrome_ChildIOT/, 'input and output of the tabs'],
  [/^renderer/, 'compilers and garbage collectors of the tabs'],
  [/^browser ThreadPool/, 'IndexedDB'],
  [/^/, 'the rest of the browser'],
]

/** @param {string} path */
const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // the thread has ended meanwhile
  }
}

/** What runs in a process, in its command line's words. @param {number} pid @param {string} type */
const serviceOf = (pid, type) =>
  /--utility-sub-type=(\w+)/.exec(read(`/proc/${pid}/cmdline`))?.[1] ?? type.toLowerCase()

/**
 * The CPU time of each kind of thread so far, in milliseconds.
 * @param {import('playwright').Browser} browser
 */
const usedBy = async (browser) => {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  /** @type {Map<string, number>} */
  const used = new Map(kinds.map(([, what]) => [what, 0]))
  for (const { id, type } of processInfo) {
    const service = serviceOf(id, type)
    for (const thread of readdirSync(`/proc/${id}/task`)) {
      const name = thread === String(id) ? 'main' : read(`/proc/${id}/task/${thread}/comm`).trim()
      // The first number is the time on a CPU, in nanoseconds.
      const ms = Number.parseInt(read(`/proc/${id}/task/${thread}/schedstat`)) / 1e6 || 0
      const full =
        service === 'network' || service === 'storage' ? `${service}.${name}` : `${service} ${name}`
      const what = kinds.find(([pattern]) => pattern.test(full))?.[1] ?? ''
      used.set(what, (used.get(what) ?? 0) + ms)
    }
  }
  return used
}

/** The time of one event of a burst. @param {import('./tabs.mjs').Bench} bench @param {string} contestant @param {number} count */
const costOf = async (bench, contestant, count) => {
  const { browser, relay, options } = bench
  const tabs = await openTabs(bench, contestant, count)
  await tabs.burst(Math.min(2_000, options.burst))
  const before = { used: await usedBy(browser), relay: (await relay.usage()).cpuMs }
  await tabs.burst(options.burst)
  const after = { used: await usedBy(browser), relay: (await relay.usage()).cpuMs }
  await tabs.close()
  const perEvent = (/** @type {number} */ ms) => (ms * 1_000) / options.burst
  const rows = [...after.used].map(
    ([what, ms]) => /** @type {const} */ ([what, perEvent(ms - (before.used.get(what) ?? 0))]),
  )
  return new Map([['the relay', perEvent(after.relay - before.relay)], ...rows])
}

/** The cheapest of several bursts of each contestant: others on the machine only ever add. @param {import('./tabs.mjs').Bench} bench */
export const threads = async (bench) => {
  const { tabs, contestants, rounds } = bench.options
  for (const count of tabs)
    for (const contestant of contestants) {
      /** @type {Map<string, number>[]} */
      const costs = []
      for (let round = 0; round < rounds; round++) costs.push(await costOf(bench, contestant, count))
      const sum = (/** @type {Map<string, number>} */ cost) => [...cost.values()].reduce((a, b) => a + b, 0)
      const least = costs.toSorted((a, b) => sum(a) - sum(b))[0] ?? new Map()
      console.log(`\n${NAMES[contestant]}, tabs: ${count}: µs of CPU for an event`)
      for (const [what, us] of least) console.log(`${us.toFixed(1).padStart(9)}  ${what}`)
      console.log(`${sum(least).toFixed(1).padStart(9)}  in all`)
    }
}
