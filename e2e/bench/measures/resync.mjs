/** 2,000 events are missed, 500 of them in the relay's ring: from the question to the last handler. */
import { openTabs } from '../tabs.mjs'

const MESSAGES = 1_000

/** @param {import('../tabs.mjs').Bench} bench */
export const resync = async (bench) => {
  const { relay, results, options } = bench
  const ofEach = options.smoke ? 300 : MESSAGES
  for (const count of options.tabs.filter((each) => each <= 8))
    for (const contestant of ['tabmux', 'sdk']) {
      const tabs = await openTabs(bench, contestant, count)
      await tabs.burst(Math.min(2_000, options.burst))
      await tabs.expect(2 * ofEach)
      await relay.cutAndPublish(tabs.agent, ofEach)
      const received = await tabs.received()
      const asked = await relay.resyncedAt(tabs.agent)
      results.add('resync', contestant, count, Math.max(...received.map(({ at }) => at)) - asked)
      await tabs.close()
    }
}
