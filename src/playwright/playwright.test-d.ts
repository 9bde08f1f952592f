import { describe, expectTypeOf, test } from 'vitest'
import type { ReferenceRelay } from '../testing/index.js'
import { expect, test as kit, type KitFixtures, type Received, type Tab, type Undo } from './index.js'

declare const fixtures: KitFixtures
declare const tab: Tab
declare const tabs: readonly Tab[]

describe('openTabs', () => {
  test('gives as many as are asked for', () => {
    expectTypeOf(fixtures.openTabs(2)).resolves.toEqualTypeOf<readonly [Tab, Tab]>()
    const count: number = 3
    expectTypeOf(fixtures.openTabs(count)).resolves.toEqualTypeOf<readonly Tab[]>()
  })

  test('takes no option that there is not', () => {
    void fixtures.openTabs(1, { waitUntil: 'load', url: '/inbox' })
    // @ts-expect-error it is waitUntil
    void fixtures.openTabs(1, { wait: 'load' })
    // @ts-expect-error there is no such moment
    void fixtures.openTabs(1, { waitUntil: 'idle' })
  })
})

describe('the fixtures', () => {
  test('are those of Playwright, and of the kit', () => {
    kit('typed', ({ page, relay, crashTab, hangWorker, workerLogs }) => {
      expectTypeOf(relay).toEqualTypeOf<ReferenceRelay>()
      expectTypeOf(crashTab(tab)).resolves.toEqualTypeOf<Undo>()
      expectTypeOf(hangWorker()).resolves.toEqualTypeOf<Undo>()
      expectTypeOf(workerLogs()).resolves.items.toHaveProperty('text')
      void page
    })
    // @ts-expect-error there is no such fixture
    kit('wrong', ({ relays }) => relays)
  })

  test('let an app say where it is', () => {
    kit.extend({ appUrl: ({ relay }, use) => use(`http://localhost/?relay=${relay.url}`) })
    // @ts-expect-error an address is a text
    kit.extend({ appUrl: ({ relay }, use) => use(relay) })
    kit.use({ relayOptions: { ringSize: 5 } })
    // @ts-expect-error it is ringSize
    kit.use({ relayOptions: { ring: 5 } })
  })

  test('have faults under the names that the guide gives', () => {
    expectTypeOf<ReferenceRelay>().toHaveProperty('emit')
    type Faults = 'cut' | 'refuse' | 'goDeaf' | 'resetCounter' | 'loseRing' | 'restart' | 'delay'
    expectTypeOf<Faults>().toExtend<keyof ReferenceRelay>()
  })
})

describe('a tab', () => {
  test('tells what it was told', () => {
    expectTypeOf(tab.received()).resolves.toEqualTypeOf<Received[]>()
    expectTypeOf(tab.texts()).resolves.toEqualTypeOf<string[]>()
  })
})

describe('the matchers', () => {
  test('are those of tabs and relays', () => {
    void expect(tab).toHaveReceived('hello')
    void expect(tabs).toHaveReceived({ type: 'message.created', message: { text: 'hello' } })
    void expect(tab).not.toHaveReceived(['hello', { type: 'message.reacted' }], { timeout: 100 })
    void expect(tabs).toHaveReceivedExactlyOnce(['one', 'two'])
    void expect(fixtures.relay).toHaveOneSocket()
    void expect(fixtures.relay).toHaveOneSocket('alice', { timeout: 100 })
  })

  test('are not those of anything else', () => {
    // @ts-expect-error a relay receives nothing
    void expect(fixtures.relay).toHaveReceived('hello')
    // @ts-expect-error a tab has no sockets
    void expect(tab).toHaveOneSocket()
    // @ts-expect-error a number is no event
    void expect(tab).toHaveReceived(7)
    // @ts-expect-error there is no such option
    void expect(tab).toHaveReceived('hello', { retries: 3 })
  })
})
