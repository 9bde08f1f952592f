/** A long run: whether an event takes longer, or more is held, after a million events than after a few. */
import { quantile } from '../results.mjs'
import { openTabs } from '../tabs.mjs'
import { heap } from './memory.mjs'

/** How many tabs it has. */
const GROWTH_TABS = 8
/** The events at which it is measured, of a million. */
const EARLY = 0.001
const MIDDLE = 0.1
const WINDOW = 0.01

/** @param {import('../tabs.mjs').Bench} bench */
export const growth = async (bench) => {
  const { results, options } = bench
  const { long } = options
  const window = long * WINDOW
  const tabs = await openTabs(bench, 'tabmux', options.smoke ? 1 : GROWTH_TABS)
  /** @type {number[]} */
  const times = []
  await tabs.burst(long * EARLY)
  for (let events = window; events <= long; events += window) {
    times.push((await tabs.burst(window)) / window)
    if (tabs.devtools.length > 0 && (events === long * MIDDLE || events === long))
      results.add(events === long ? 'heapLate' : 'heapEarly', 'tabmux', tabs.count, await heap(tabs))
  }
  // In microseconds an event, five windows at each end.
  results.add('eventEarly', 'tabmux', tabs.count, quantile(times.slice(0, 5), 0.5) * 1_000)
  results.add('eventLate', 'tabmux', tabs.count, quantile(times.slice(-5), 0.5) * 1_000)
  await tabs.close()
}
