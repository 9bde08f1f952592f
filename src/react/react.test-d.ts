import type { ReactElement } from 'react'
import { describe, expectTypeOf, test } from 'vitest'
import type {
  ConnectOptions,
  EventMeta,
  EventOf,
  Relay,
  RelayEvent,
  RelayStatus,
  Resynced,
  UnknownEvent,
} from '../index.js'
import {
  RelayProvider,
  useRelay,
  useRelayEvent,
  useRelayEvents,
  useRelayStatus,
  useResynced,
  type EntryOf,
  type RelayProviderProps,
} from './index.js'

declare const relay: Relay
declare const options: ConnectOptions

describe('RelayProvider', () => {
  test('takes options, or a relay, or null', () => {
    expectTypeOf(RelayProvider).returns.toEqualTypeOf<ReactElement>()
    expectTypeOf<{ options: ConnectOptions }>().toExtend<RelayProviderProps>()
    expectTypeOf<{ relay: Relay }>().toExtend<RelayProviderProps>()
    expectTypeOf<{ relay: null }>().toExtend<RelayProviderProps>()
  })

  test('takes neither both nor none of them', () => {
    // @ts-expect-error whose options would they be?
    const both: RelayProviderProps = { options, relay }
    // @ts-expect-error there is nothing to provide
    const none: RelayProviderProps = {}
    // @ts-expect-error it makes the relay itself
    const made: RelayProviderProps = { options: relay }
    void [both, none, made]
  })
})

describe('useRelay', () => {
  test('may have none yet', () => {
    expectTypeOf(useRelay).returns.toEqualTypeOf<Relay | null>()
    // @ts-expect-error it can be null
    void useRelay().status
  })
})

describe('useRelayStatus', () => {
  test('gives the status, or what is selected of it', () => {
    expectTypeOf(useRelayStatus()).toEqualTypeOf<RelayStatus>()
    expectTypeOf(useRelayStatus(({ attempt }) => attempt)).toEqualTypeOf<number>()
    const pair = useRelayStatus(
      ({ state, attempt }) => ({ state, attempt }),
      (a, b) => a.state === b.state && a.attempt === b.attempt,
    )
    expectTypeOf(pair).toEqualTypeOf<{ state: RelayStatus['state']; attempt: number }>()
  })

  test('selects of what there is only', () => {
    // @ts-expect-error there is no such field
    useRelayStatus(({ online }) => online)
    // @ts-expect-error a name is no function
    useRelayStatus('state')
  })
})

describe('useRelayEvent', () => {
  test('gives its handler the event that it names', () => {
    useRelayEvent('message.created', (event, meta) => {
      expectTypeOf(event).toEqualTypeOf<EventOf<'message.created'>>()
      expectTypeOf(meta).toEqualTypeOf<EventMeta>()
    })
    useRelayEvent('agent.status.active', async ({ agent }) => agent.name)
  })

  test('knows the names', () => {
    // @ts-expect-error there is no such event
    useRelayEvent('message.deleted', () => undefined)
    // @ts-expect-error that is the name of the method
    useRelayEvent('messageCreated', () => undefined)
    // @ts-expect-error it has a hook of its own
    useRelayEvent('resynced', () => undefined)
  })

  test('refuses a handler of another event', () => {
    // @ts-expect-error a message has no emoji
    useRelayEvent('message.created', ({ emoji }) => emoji)
    // @ts-expect-error it is a message that comes
    useRelayEvent('message.created', (event: EventOf<'message.reacted'>) => event.emoji)
  })
})

describe('useResynced', () => {
  test('gives its handler what happened', () => {
    useResynced((resynced) => expectTypeOf(resynced).toEqualTypeOf<Resynced>())
    // @ts-expect-error it is gapDetected
    useResynced(({ gap_detected }) => gap_detected)
  })
})

describe('useRelayEvents', () => {
  test('gives events of the types that are asked for', () => {
    const entries = useRelayEvents({
      types: ['message.created', 'dm.received'],
      channels: ['general'],
      limit: 7,
    })
    expectTypeOf(entries).toEqualTypeOf<readonly EntryOf<'message.created' | 'dm.received'>[]>()
    for (const { event } of entries)
      if (event.type === 'dm.received') expectTypeOf(event.conversationId).toBeString()
  })

  test('gives events of all types, if none are named', () => {
    type Any = readonly { readonly event: RelayEvent | UnknownEvent; readonly meta: EventMeta }[]
    expectTypeOf(useRelayEvents()).toEqualTypeOf<Any>()
    expectTypeOf(useRelayEvents({ channels: ['general'] })).toEqualTypeOf<Any>()
  })

  test('gives what nobody can change', () => {
    const entries = useRelayEvents({ types: ['message.created'] })
    // @ts-expect-error it is React's state
    entries.pop()
  })

  test('refuses what it does not know', () => {
    // @ts-expect-error there is no such event
    useRelayEvents({ types: ['message.deleted'] })
    // @ts-expect-error it is an array
    useRelayEvents({ channels: 'general' })
    // @ts-expect-error there is no such option
    useRelayEvents({ count: 7 })
  })
})
