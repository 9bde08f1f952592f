/** What goes to IndexedDB under a burst: transactions, how many at once, and bytes. */
import { openTabs } from '../tabs.mjs'

/** @param {import('../tabs.mjs').Bench} bench */
export const disk = async (bench) => {
  const { relay, results, options } = bench
  const tabs = await openTabs(bench, 'tabmux-counted', 1)
  const written = () => tabs.first.evaluate(() => globalThis.bench.written())
  const before = await written()
  const sentBefore = (await relay.usage()).bytesSent
  const ms = await tabs.burst(options.burst)
  const frames = (await relay.usage()).bytesSent - sentBefore
  const after = await written()
  results.add('transactions', 'tabmux', 1, ((after.transactions - before.transactions) * 1_000) / ms)
  results.add('inFlight', 'tabmux', 1, after.mostInFlight)
  results.add('written', 'tabmux', 1, (after.bytes - before.bytes) / frames)
  await tabs.close()
}
