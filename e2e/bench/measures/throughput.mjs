/** A burst: deliveries a second, sockets and bytes at the relay, and the CPU time that it takes. */
import { browserCpuMs, mainThreadMs, watchMainThread } from '../devtools.mjs'

/** @param {import('../tabs.mjs').Tabs} tabs */
export const throughput = async (tabs) => {
  const { bench, contestant, agent, count, devtools } = tabs
  const { relay, results, options, browser } = bench
  const events = options.burst
  const isChromium = options.browser === 'chromium'
  const used = async () => ({
    relay: await relay.usage(),
    mainThreads: await Promise.all(devtools.map(mainThreadMs)),
    browserMs: isChromium ? await browserCpuMs(browser) : 0,
  })
  // The first events are slower for everybody: scripts are compiled, buffers grow.
  await tabs.burst(Math.min(2_000, events))
  await Promise.all(devtools.map(watchMainThread))
  const before = await used()
  const ms = await tabs.burst(events)
  const after = await used()
  results.add('throughput', contestant, count, (events * count * 1_000) / ms)
  results.add('perDelivery', contestant, count, (ms * 1_000) / (events * count))
  if (contestant !== 'limit') {
    results.add('sockets', contestant, count, await relay.sockets(agent))
    results.add('sent', contestant, count, (after.relay.bytesSent - before.relay.bytesSent) / events)
    results.add('relayCpu', contestant, count, (after.relay.cpuMs - before.relay.cpuMs) / ms)
  }
  if (isChromium)
    results.add(
      'browserCpu',
      contestant,
      count,
      ((after.browserMs - before.browserMs) * 1_000) / (events * count),
    )
  if (devtools.length === 0) return
  const busiest = Math.max(
    ...after.mainThreads.map((spent, index) => spent - (before.mainThreads[index] ?? 0)),
  )
  results.add('mainThread', contestant, count, (busiest * 1_000) / events)
}
