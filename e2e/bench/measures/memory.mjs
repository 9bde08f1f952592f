/** What worker and tabs hold, in megabytes. Chromium only. */
import { heapOf, ofPage, withWorker } from '../devtools.mjs'

/** @param {import('../tabs.mjs').Tabs} tabs */
export const heap = async ({ bench, pages }) => {
  let bytes = (await withWorker(bench.browser, heapOf)) ?? 0
  for (const page of pages) bytes += await heapOf(await ofPage(page))
  return bytes / 1_048_576
}

/** @param {import('../tabs.mjs').Tabs} tabs */
export const memory = async (tabs) => {
  const { bench, contestant, count } = tabs
  if (bench.options.browser === 'chromium') bench.results.add('memory', contestant, count, await heap(tabs))
}
