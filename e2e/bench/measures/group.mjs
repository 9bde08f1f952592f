/** A consumer group, whose every event waits for the one before to be handled and its position stored. */
import { openTabs } from '../tabs.mjs'

/** A group takes one event at a time, so it is given that part of the burst that the others get. */
const SHARE = 1 / 20

/** @param {import('../tabs.mjs').Bench} bench */
export const group = async (bench) => {
  const tabs = await openTabs(bench, 'tabmux-group', 1)
  const events = Math.ceil(bench.options.burst * SHARE)
  await tabs.burst(Math.ceil(events * SHARE))
  const ms = await tabs.burst(events)
  bench.results.add('group', 'tabmux', 1, (events * 1_000) / ms)
  await tabs.close()
}
