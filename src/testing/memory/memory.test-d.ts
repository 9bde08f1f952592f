import { describe, expectTypeOf, test } from 'vitest'
import type { connect } from '../../index.js'
import type { createTestRelay, TestRelay, TestRelayOptions } from './index.js'

declare const make: typeof createTestRelay
declare const testRelay: TestRelay

describe('createTestRelay', () => {
  test('gives what connect gives', () => {
    expectTypeOf(make().relay).toEqualTypeOf<ReturnType<typeof connect>>()
    expectTypeOf(testRelay.openTab()).toEqualTypeOf<ReturnType<typeof connect>>()
  })

  test('takes the options of connect that mean something without a browser', () => {
    make({ connect: { from: 'journal', maxReconnectAttempts: 3 }, server: { ringSize: 5 } })
    // @ts-expect-error there is no worker
    const worker: TestRelayOptions = { connect: { worker: () => undefined } }
    // @ts-expect-error there is no address
    const port: TestRelayOptions = { server: { port: 7 } }
    void [worker, port]
  })

  test('emits what has a type, and no number', () => {
    expectTypeOf(testRelay.emit({ type: 'novel.thing', some_field: 1 })).resolves.toBeNumber()
    // @ts-expect-error there is no type
    void testRelay.emit({ text: 'hello' })
    // @ts-expect-error the relay gives the number
    void testRelay.emit({ type: 'novel.thing', agent_seq: 7 })
  })
})
