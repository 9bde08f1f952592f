/** A burst: deliveries a second, sockets and bytes at the relay, and the time that it takes of a tab's main thread. */
import { mainThreadMs, ofPage } from '../devtools.mjs'

/**
 * Sessions that count the CPU time of main threads from now on; none where the browser does not tell.
 * @param {import('../tabs.mjs').Tabs} tabs
 */
const watchMainThreads = async ({ bench, pages }) => {
  if (bench.options.browser !== 'chromium') return []
  const sessions = await Promise.all(pages.map(ofPage))
  await Promise.all(sessions.map((send) => send('Performance.enable', { timeDomain: 'threadTicks' })))
  return sessions
}

/** @param {import('../tabs.mjs').Tabs} tabs */
export const throughput = async (tabs) => {
  const { bench, contestant, agent, count } = tabs
  const { relay, results, options } = bench
  const events = options.burst
  // The first events are slower for everybody: scripts are compiled, buffers grow.
  await tabs.burst(Math.min(2_000, events))
  const watched = await watchMainThreads(tabs)
  const busyBefore = await Promise.all(watched.map(mainThreadMs))
  const before = await relay.usage()
  const ms = await tabs.burst(events)
  const after = await relay.usage()
  const busyAfter = await Promise.all(watched.map(mainThreadMs))
  results.add('throughput', contestant, count, (events * count * 1_000) / ms)
  results.add('perDelivery', contestant, count, (ms * 1_000) / (events * count))
  if (contestant !== 'limit') {
    results.add('sockets', contestant, count, await relay.sockets(agent))
    results.add('sent', contestant, count, (after.bytesSent - before.bytesSent) / events)
    results.add('relayCpu', contestant, count, (after.cpuMs - before.cpuMs) / ms)
  }
  const busiest = Math.max(...busyAfter.map((used, index) => used - (busyBefore[index] ?? 0)))
  if (busyAfter.length > 0) results.add('mainThread', contestant, count, (busiest * 1_000) / events)
}
