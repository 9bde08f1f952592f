import { afterEach, describe, expect, test, vi } from 'vitest'
import { BRIDGE_VERSION, type WorkerAddress } from './bridge.js'
import { agentLock, workerLockOf } from './directory.js'
import { otherHolder } from './reach.js'

const workerOf = (bridge: number): WorkerAddress => ({
  bridge,
  url: 'https://app.example/worker.js',
  name: 'w',
})

/** The locks that the browser lists. */
const list = (held: readonly LockInfo[]) =>
  vi.stubGlobal('navigator', { locks: { query: () => Promise.resolve({ held, pending: [] }) } })

const holds = (bridge: number) =>
  list([
    { name: workerLockOf(workerOf(bridge)), clientId: 'a worker', mode: 'exclusive' },
    { name: agentLock('alice'), clientId: 'a worker', mode: 'exclusive' },
  ])

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a page whose own worker is silent goes to the one that has the agent', () => {
  test('if that is of the same bridge', async () => {
    holds(BRIDGE_VERSION)
    expect(await otherHolder('alice')).toEqual(workerOf(BRIDGE_VERSION))
  })

  test('if that is of a newer bridge, and is told there that it is outdated', async () => {
    holds(BRIDGE_VERSION + 1)
    expect(await otherHolder('alice')).toEqual(workerOf(BRIDGE_VERSION + 1))
  })

  test('but not if that is of an older one: its own may just start slowly, and takes the agent over', async () => {
    holds(BRIDGE_VERSION - 1)
    expect(await otherHolder('alice')).toBeNull()
  })

  test('and to none if nobody has it', async () => {
    list([])
    expect(await otherHolder('alice')).toBeNull()
  })
})
