/** The only tab reloads: from the start of its script until it is ready and has what it missed. */
import { openTabs } from '../tabs.mjs'

/** As many as the journal holds. */
const JOURNAL = 2_048
const MISSED = 20
const RELOADS = 5

/** The SDK gets nothing of what it missed: its cursor is gone. For it, being connected again counts. @type {Readonly<Record<string, number>>} */
const contestants = { tabmux: MISSED, 'tabmux-short': MISSED, sdk: 0 }

/** @param {import('../tabs.mjs').Bench} bench */
export const reload = async (bench) => {
  const { relay, site, results, options } = bench
  for (const [contestant, missed] of Object.entries(contestants)) {
    const tabs = await openTabs(bench, contestant, 1)
    await tabs.burst(options.smoke ? 50 : JOURNAL)
    site.gate = async () => {
      await relay.burst(tabs.agent, MISSED)
      return missed
    }
    try {
      for (let count = 0; count < (options.smoke ? 1 : RELOADS); count++) {
        await tabs.first.reload()
        results.add('reload', contestant, 1, await tabs.first.evaluate(() => globalThis.bench.ready()))
      }
    } finally {
      site.gate = () => 0
    }
    await tabs.close()
  }
}
