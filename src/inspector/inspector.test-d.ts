import { describe, expectTypeOf, test } from 'vitest'
import type { HubStatus, Relay, RelayReport, SocketChange } from '../index.js'
import type { Inspectable, InspectorReport, TabmuxInspector } from './index.js'

declare const relay: Relay
declare const inspector: TabmuxInspector

describe('relay.inspect', () => {
  test('gives a report that nobody can change', async () => {
    expectTypeOf(relay.inspect()).toEqualTypeOf<Promise<RelayReport>>()
    const report = await relay.inspect()
    expectTypeOf(report.status).toEqualTypeOf<HubStatus>()
    expectTypeOf(report.sockets).toEqualTypeOf<readonly SocketChange[]>()
    // @ts-expect-error it is a snapshot
    report.rates = []
    // @ts-expect-error so are its lists
    report.dropped.pop()
  })

  test('takes nothing', () => {
    // @ts-expect-error there is no such option
    void relay.inspect({ limit: 5 })
  })

  test('has an offset and a lag that may not be known yet', async () => {
    const [tab] = (await relay.inspect()).tabs
    expectTypeOf(tab?.lag).toEqualTypeOf<number | null | undefined>()
    // @ts-expect-error it may be null
    void (tab && tab.lag + 1)
  })
})

describe('<tabmux-inspector>', () => {
  test('is made by its name', () => {
    expectTypeOf<HTMLElementTagNameMap['tabmux-inspector']>().toEqualTypeOf<TabmuxInspector>()
    expectTypeOf<TabmuxInspector>().toExtend<HTMLElement>()
  })

  test('takes a relay or nothing', () => {
    inspector.relay = relay
    inspector.relay = null
    expectTypeOf<Relay>().toExtend<Inspectable>()
    // @ts-expect-error an address is no relay
    inspector.relay = 'https://relay.example'
    // @ts-expect-error neither is a status
    inspector.relay = relay.status
  })

  test('gives a report without names of channels', async () => {
    expectTypeOf(inspector.report()).toEqualTypeOf<Promise<InspectorReport>>()
    const { hub } = await inspector.report()
    expectTypeOf(hub?.status.channels).toEqualTypeOf<number | undefined>()
    // @ts-expect-error there may be none
    void hub.tabs
  })
})
