/** What goes to IndexedDB under a burst: transactions, how many at once, and bytes. */
import { serialize } from 'node:v8'
import { openTabs } from '../tabs.mjs'

/** @param {import('../tabs.mjs').Bench} bench */
export const disk = async (bench) => {
  const { relay, results, options } = bench
  const events = Math.min(5_000, options.burst)
  const tabs = await openTabs(bench, 'tabmux-counted', 1)
  const page = tabs.pages[0]
  if (!page) return
  const before = await page.evaluate(() => globalThis.bench.written())
  const sentBefore = (await relay.usage()).bytesSent
  const ms = await tabs.burst(events)
  const frames = (await relay.usage()).bytesSent - sentBefore
  const after = await page.evaluate(() => globalThis.bench.written())
  // The format in which browsers with V8 store values, and near to that of the others.
  const sizes = after.values.slice(before.values.length).map((value) => serialize(value).length)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  results.add('transactions', 'tabmux', 1, ((after.transactions - before.transactions) * 1_000) / ms)
  results.add('inFlight', 'tabmux', 1, after.mostInFlight)
  results.add('written', 'tabmux', 1, bytes / frames)
  await tabs.close()
}
