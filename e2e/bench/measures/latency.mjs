/** From the relay's sending to the handler, at a steady rate, over all tabs. */
import { quantile } from '../results.mjs'

const PER_SECOND = 100

/** @param {import('../tabs.mjs').Tabs} tabs */
export const latency = async (tabs) => {
  const { bench, contestant, agent, count } = tabs
  if (contestant === 'limit') return
  const { relay, results, options } = bench
  await tabs.burst(Math.min(500, options.burst))
  await tabs.expect(options.steady)
  await relay.steady(agent, options.steady, PER_SECOND)
  const latencies = (await tabs.received()).flatMap((received) => received.latencies)
  results.add('p50', contestant, count, quantile(latencies, 0.5))
  results.add('p99', contestant, count, quantile(latencies, 0.99))
}
