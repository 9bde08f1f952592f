/** What can happen to the browser's storage. */
import type { DiskFault } from './told.js'
import type { ChaosFault } from './world.js'

/** IndexedDB of the workers does this for a while. */
const broken = (name: string, fault: DiskFault, weight: number): ChaosFault => ({
  name,
  weight,
  act: ({ recorder, doubt, later }, { amount }) => {
    const ms = 200 + amount * 3_000
    doubt(ms)
    recorder.setDisk(fault)
    later(ms, () => recorder.setDisk('none'))
  },
})

/** See the head of this file. */
export const storageFaults: readonly ChaosFault[] = [
  broken('IndexedDB fails', 'fails', 1),
  broken('IndexedDB fails at the commit', 'aborts', 1),
  broken('IndexedDB hangs', 'hangs', 1),
  {
    name: 'a page holds the database',
    weight: 1,
    act: async ({ tabFor, doubt }, step) => {
      const tab = tabFor(step)
      if (!tab) return 'idle'
      const ms = Math.round(200 + step.amount * 3_000)
      doubt(ms)
      await tab.driver.run(`chaos.holdDatabase(${ms})`)
      return 'done'
    },
  },
  {
    name: 'a page deletes the database',
    weight: 1,
    act: async ({ tabFor, doubt }, step) => {
      const tab = tabFor(step)
      if (!tab) return 'idle'
      doubt(0)
      await tab.driver.run('chaos.deleteDatabase()')
      return 'done'
    },
  },
  {
    name: 'storage cleared',
    weight: 1,
    act: async ({ browser, doubt, site }) => {
      if (!browser.clearStorage) return 'skipped'
      doubt(1_000)
      await browser.clearStorage(site)
      return 'done'
    },
  },
  {
    name: 'quota exceeded',
    weight: 2,
    act: async ({ browser, doubt, later, site }, { amount }) => {
      if (!browser.limitQuota) return 'skipped'
      const ms = 500 + amount * 3_000
      doubt(ms)
      await browser.limitQuota(site, true)
      later(ms, () => browser.limitQuota?.(site, false))
      return 'done'
    },
  },
]
