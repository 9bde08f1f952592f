/** What can happen to tabs, workers and the browser. */
import { signal } from './browser.js'
import type { ChaosFault } from './world.js'

/** See the head of this file. */
export const tabFaults: readonly ChaosFault[] = [
  {
    name: 'tab opened',
    weight: 8,
    act: (world, step) => (world.tabs.length < world.maxTabs ? world.openTab(step) : 'idle'),
  },
  {
    name: 'tab closed',
    weight: 4,
    act: (world, step) => {
      const tab = world.tabFor(step)
      return tab && world.tabs.length > 1 ? world.closeTab(tab) : 'idle'
    },
  },
  { name: 'reload', weight: 6, act: (world, step) => world.tabFor(step)?.driver.reload(false) ?? 'idle' },
  { name: 'hard reload', weight: 3, act: (world, step) => world.tabFor(step)?.driver.reload(true) ?? 'idle' },
  {
    name: 'reloads during start-up',
    weight: 4,
    act: async (world, step) => {
      const tab = world.tabFor(step)
      if (!tab) return 'idle'
      for (let round = 0; round < 3; round++) {
        await tab.driver.reload(false)
        await new Promise((resolve) => setTimeout(resolve, step.amount * round * 40))
      }
      return 'done'
    },
  },
  {
    name: 'tab crash',
    weight: 4,
    act: async (world, step) => {
      const tab = world.tabFor(step)
      if (!tab) return 'idle'
      await world.browser.crash(tab.driver)
      return 'done'
    },
  },
  {
    name: 'tab frozen',
    weight: 4,
    act: async ({ tabFor, later }, step) => {
      const tab = tabFor(step)
      if (!tab) return 'idle'
      const { driver } = tab
      if (!driver.freeze) return 'skipped'
      tab.state = 'frozen'
      later(500 + step.amount * 5_000, async () => {
        await driver.freeze?.(false)
        if (tab.state === 'frozen') tab.state = 'here'
      })
      await driver.freeze(true)
      return 'done'
    },
  },
  {
    name: 'away and back',
    weight: 5,
    act: async ({ tabFor, later, site }, step) => {
      const tab = tabFor(step)
      if (!tab) return 'idle'
      tab.state = 'away'
      await tab.driver.leave(`${site}/elsewhere`)
      later(100 + step.amount * 3_000, async () => {
        await tab.driver.comeBack()
        if (tab.state === 'away') tab.state = 'here'
      })
      return 'done'
    },
  },
  {
    name: 'browser suspended',
    weight: 2,
    act: async ({ browser, later, doubt }, { amount }) => {
      if (process.platform === 'win32') return 'skipped'
      const pids = await browser.contentProcesses()
      for (const pid of pids) signal(pid, 'SIGSTOP')
      const ms = 200 + amount * 3_000
      // A commit that was under way has taken too long when they wake.
      doubt(ms)
      later(ms, () => pids.forEach((pid) => signal(pid, 'SIGCONT')))
      return 'done'
    },
  },
  {
    name: 'worker killed',
    weight: 5,
    act: async ({ browser }) => (browser.killWorkers ? (await browser.killWorkers()) || 'idle' : 'skipped'),
  },
  { name: 'worker ends itself', weight: 3, act: ({ recorder }) => recorder.command({ do: 'end' }) || 'idle' },
  {
    name: 'worker hangs for a while',
    weight: 2,
    act: ({ recorder, doubt }, { amount }) => {
      const ms = 200 + amount * 3_000
      doubt(ms)
      return recorder.command({ do: 'hang', ms }) || 'idle'
    },
  },
  {
    name: 'deployment',
    weight: 2,
    act: async (world, step) => {
      world.recorder.build = world.recorder.build === 'one' ? 'two' : 'one'
      await world.tabFor(step)?.driver.reload(false)
    },
  },
  {
    name: 'browser killed',
    weight: 2,
    act: (world, { amount }) => world.killBrowser(1 + Math.floor(amount * 3)),
  },
]
