/** What worker and tabs hold, in megabytes. Chromium only. */
import { heapOf } from '../devtools.mjs'

/** @param {import('../tabs.mjs').Tabs} tabs */
export const heap = async ({ devtools, withWorker }) => {
  let bytes = (await withWorker(heapOf)) ?? 0
  for (const tab of devtools) bytes += await heapOf(tab)
  return bytes / 1_048_576
}

/** @param {import('../tabs.mjs').Tabs} tabs */
export const memory = async (tabs) => {
  const { bench, contestant, count, devtools } = tabs
  if (devtools.length > 0) bench.results.add('memory', contestant, count, await heap(tabs))
}
