import { expect, test } from 'vitest'
import { isOffline } from './reachable.js'

const usual = { browserIsOnline: true, wasReached: true }

test('a connection that works is not offline, whatever the browser says', () => {
  const connected = { state: 'connected', attempt: 0 } as const
  expect(isOffline(connected, { browserIsOnline: false, wasReached: false })).toBe(false)
})

test('a connection that was just lost is not called offline, one that could not be had again is', () => {
  expect(isOffline({ state: 'reconnecting', attempt: 1 }, usual)).toBe(false)
  expect(isOffline({ state: 'connecting', attempt: 1 }, usual)).toBe(false)
  expect(isOffline({ state: 'reconnecting', attempt: 2 }, usual)).toBe(true)
  expect(isOffline({ state: 'connecting', attempt: 2 }, usual)).toBe(true)
})

test('a page that was loaded without its server is offline from the beginning', () => {
  expect(isOffline({ state: 'starting', attempt: 0 }, usual)).toBe(false)
  expect(isOffline({ state: 'starting', attempt: 0 }, { ...usual, wasReached: false })).toBe(true)
})

test('what the browser says counts while there is no connection', () => {
  const lost = { state: 'reconnecting', attempt: 1 } as const
  expect(isOffline(lost, { ...usual, browserIsOnline: false })).toBe(true)
})

test.each(['disconnected', 'closed'] as const)('%s has words of its own', (state) => {
  expect(isOffline({ state, attempt: 30 }, { browserIsOnline: false, wasReached: false })).toBe(false)
})
