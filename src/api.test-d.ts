import { describe, expectTypeOf, test } from 'vitest'
import type {
  AnyEvent,
  ConnectOptions,
  EventMeta,
  EventMethod,
  EventOf,
  GroupOptions,
  HistoryEntry,
  ListenOptions,
  MessageEvent,
  Relay,
  RelayEvent,
  RelayEventType,
  RelayStatus,
  Resynced,
  TabmuxError,
  UnknownEvent,
  Unsubscribe,
  connect,
} from './index.js'

declare const relay: Relay
declare const makeWorker: () => SharedWorker

/** What a handler of a method of `on` is called with. */
type Heard<M extends keyof Relay['on']> = Parameters<Parameters<Relay['on'][M]>[0]>

describe('the handler of an event', () => {
  test('gets the event that its method is named for', () => {
    relay.on.messageCreated((event, meta) => {
      expectTypeOf(event).toEqualTypeOf<EventOf<'message.created'>>()
      expectTypeOf(meta).toEqualTypeOf<EventMeta>()
    })
    expectTypeOf<Heard<'threadReply'>[0]['type']>().toEqualTypeOf<'thread.reply'>()
    expectTypeOf<Heard<'channelMuted'>[0]['type']>().toEqualTypeOf<'member.channel_muted'>()
    expectTypeOf<Heard<'agentBlocked'>[0]['type']>().toEqualTypeOf<'agent.status.blocked'>()
  })

  test('gets camelCase fields, also inside', () => {
    relay.on.messageCreated((event) => {
      expectTypeOf(event.channel).toBeString()
      expectTypeOf(event.message.agentName).toBeString()
      expectTypeOf(event.message.agentId).toEqualTypeOf<string | undefined>()
      expectTypeOf(event.message.attachments?.[0]?.sizeBytes).toEqualTypeOf<number | undefined>()
      expectTypeOf(event.message.injectionMode).toEqualTypeOf<'wait' | 'steer' | undefined>()
    })
    expectTypeOf<Heard<'fileUploaded'>[0]['file']['uploadedBy']>().toBeString()
    expectTypeOf<Heard<'channelCreated'>[0]['channel']['topic']>().toEqualTypeOf<string | null>()
    expectTypeOf<Heard<'deliveryFailed'>[0]['retryable']>().toEqualTypeOf<boolean | null | undefined>()
    expectTypeOf<Heard<'actionCompleted'>[0]['output']>().toEqualTypeOf<Record<string, unknown> | null>()
    expectTypeOf<Heard<'actionInvoked'>[0]['input']>().toBeUnknown()
  })

  test('gets no snake_case fields', () => {
    relay.on.messageCreated((event) => {
      // @ts-expect-error it is agentName
      void event.message.agent_name
      // @ts-expect-error it is agentSeq, and in the meta
      void event.agent_seq
    })
    // @ts-expect-error it is messageId
    relay.on.messageRead(({ message_id }) => message_id)
  })

  test('gets no field of another event', () => {
    // @ts-expect-error a message has no emoji
    relay.on.messageCreated(({ emoji }) => emoji)
  })

  test('may leave out what it does not need, and return anything', () => {
    relay.on.messageCreated(() => 7)
    relay.on.messageCreated(async ({ channel }) => channel)
  })

  test('cannot ask for another event than that of its method', () => {
    // @ts-expect-error it is a message that comes
    relay.on.messageCreated((event: EventOf<'message.reacted'>) => event.emoji)
  })
})

describe('the handler of what the client says', () => {
  test('gets what its method is for', () => {
    expectTypeOf<Heard<'connected'>>().toEqualTypeOf<[]>()
    expectTypeOf<Heard<'disconnected'>>().toEqualTypeOf<[]>()
    expectTypeOf<Heard<'error'>>().toEqualTypeOf<[error: TabmuxError]>()
    expectTypeOf<Heard<'reconnecting'>>().toEqualTypeOf<[attempt: number]>()
    expectTypeOf<Heard<'permanentlyDisconnected'>>().toEqualTypeOf<[attempt: number]>()
    expectTypeOf<Heard<'resynced'>>().toEqualTypeOf<[resynced: Resynced]>()
    expectTypeOf<Heard<'status'>>().toEqualTypeOf<[status: RelayStatus]>()
  })

  test('gets gapDetected, and not gap_detected', () => {
    relay.on.resynced(({ replayed, gapDetected }) => {
      expectTypeOf(replayed).toBeNumber()
      expectTypeOf(gapDetected).toBeBoolean()
    })
    // @ts-expect-error it is gapDetected
    relay.on.resynced(({ gap_detected }) => gap_detected)
  })

  test('gets everything, where it is that of any', () => {
    expectTypeOf<Heard<'any'>[1]>().toEqualTypeOf<EventMeta | undefined>()
    expectTypeOf<Heard<'any'>[0]>().toExtend<AnyEvent>()
    expectTypeOf<AnyEvent>().toExtend<Heard<'any'>[0]>()
    expectTypeOf<RelayEvent>().toExtend<AnyEvent>()
    expectTypeOf<UnknownEvent>().toExtend<AnyEvent>()
    expectTypeOf<Resynced>().toExtend<AnyEvent>()
    expectTypeOf<TabmuxError>().toExtend<AnyEvent>()
  })
})

describe('the methods of on', () => {
  test('are one an event, and those of the client', () => {
    expectTypeOf<keyof Relay['on']>().toEqualTypeOf<
      | EventMethod
      | 'any'
      | 'connected'
      | 'disconnected'
      | 'error'
      | 'permanentlyDisconnected'
      | 'reconnecting'
      | 'resynced'
      | 'status'
    >()
  })

  test('cover every type of the contract', () => {
    type Covered = {
      [M in EventMethod]: Heard<M>[0]['type']
    }[EventMethod]
    expectTypeOf<Covered>().toEqualTypeOf<RelayEventType>()
  })

  test('do not include what is not an event', () => {
    // @ts-expect-error there is no such event
    relay.on.messageDeleted(() => undefined)
    // @ts-expect-error a pong is for the hub
    relay.on.pong(() => undefined)
  })

  test('return what unsubscribes', () => {
    expectTypeOf(relay.on.messageCreated(() => undefined)).toEqualTypeOf<Unsubscribe>()
    expectTypeOf(relay.on.any(() => undefined)).toEqualTypeOf<Unsubscribe>()
  })

  test('take a signal, and no other option', () => {
    relay.on.messageCreated(() => undefined, { signal: new AbortController().signal })
    // @ts-expect-error there is no such option
    relay.on.messageCreated(() => undefined, { once: true })
    // @ts-expect-error a controller is no signal
    relay.on.messageCreated(() => undefined, { signal: new AbortController() })
  })

  test('take the name of a group, if they are for what is in the journal', () => {
    relay.on.messageCreated((event) => event.message.text, { group: 'sounds' })
    relay.on.agentIdle(async () => undefined, { group: 'sounds', signal: new AbortController().signal })
    relay.on.resynced(({ gapDetected }) => gapDetected, { group: 'sounds' })
    relay.on.any((event, meta) => [event.type, meta?.offset], { group: 'sounds' })
    expectTypeOf<GroupOptions>().toExtend<ListenOptions>()
    // @ts-expect-error a name is a text
    relay.on.messageCreated(() => undefined, { group: true })
    // @ts-expect-error it is left out, or it is a name
    relay.on.messageCreated(() => undefined, { group: undefined })
    // @ts-expect-error there is no such option
    relay.on.messageCreated(() => undefined, { groups: 'sounds' })
  })

  test('take no group for what each tab is told of itself', () => {
    // @ts-expect-error each tab has its own status
    relay.on.status(() => undefined, { group: 'sounds' })
    // @ts-expect-error each tab has its own errors
    relay.on.error(() => undefined, { group: 'sounds' })
    // @ts-expect-error it is no entry of the journal
    relay.on.connected(() => undefined, { group: 'sounds' })
    // @ts-expect-error so is this
    relay.on.reconnecting(() => undefined, { group: 'sounds' })
    // @ts-expect-error a subscription is for this tab
    relay.subscribe(['general'], () => undefined, { group: 'sounds' })
    // @ts-expect-error so is an iterator
    relay.events({ group: 'sounds' })
  })

  test('need a handler', () => {
    // @ts-expect-error none is given
    relay.on.messageCreated()
    // @ts-expect-error a name is none
    relay.on.messageCreated('handler')
  })

  test('cannot be replaced', () => {
    // @ts-expect-error it is read-only
    relay.on.messageCreated = () => () => undefined
  })
})

describe('subscribe', () => {
  test('calls its handler with messages of all kinds', () => {
    relay.subscribe(['general', '@self'], (event, meta) => {
      expectTypeOf(event).toEqualTypeOf<MessageEvent>()
      expectTypeOf(event.message.agentName).toBeString()
      expectTypeOf(meta.offset).toBeNumber()
      if (event.type === 'dm.received') expectTypeOf(event.conversationId).toBeString()
      if (event.type === 'thread.reply') expectTypeOf(event.parentId).toBeString()
    })
  })

  test('needs no handler, and returns what unsubscribes', () => {
    expectTypeOf(relay.subscribe(['general'])).toEqualTypeOf<Unsubscribe>()
  })

  test('takes an array of names', () => {
    // @ts-expect-error a name is no array
    relay.subscribe('general')
    // @ts-expect-error a number is no name
    relay.subscribe([7])
  })

  test('does not know which of the messages it is before the type is looked at', () => {
    relay.subscribe(['general'], (event) => {
      // @ts-expect-error direct messages have no channel
      void event.channel
    })
  })
})

describe('a relay', () => {
  test('gives its events with what is known of them', async () => {
    for await (const entry of relay.events()) expectTypeOf(entry).toEqualTypeOf<HistoryEntry>()
    expectTypeOf(relay.history({ limit: 5 })).resolves.toEqualTypeOf<readonly HistoryEntry[]>()
  })

  test('has a status that nobody can change', () => {
    expectTypeOf(relay.status).toEqualTypeOf<RelayStatus>()
    // @ts-expect-error it is a snapshot
    relay.status.attempt = 7
    // @ts-expect-error the channels too
    relay.status.channels.push('general')
  })

  test('sends frames that have a type', () => {
    expectTypeOf(relay.send({ type: 'subscribe', channels: ['general'] })).toEqualTypeOf<Promise<void>>()
    void relay.send({ type: 'typing' })
    // @ts-expect-error there is no type
    void relay.send({ channels: ['general'] })
    // @ts-expect-error text is no frame
    void relay.send('{"type":"ping"}')
  })

  test('is disposable', () => {
    expectTypeOf<Relay>().toExtend<Disposable>()
  })
})

describe('connect', () => {
  const needed = { baseUrl: 'https://relay.example', token: 'at_live_alice', worker: makeWorker }

  test('gives a relay', () => {
    expectTypeOf<typeof connect>().returns.toEqualTypeOf<Relay>()
    expectTypeOf<typeof connect>().parameters.toEqualTypeOf<[options: ConnectOptions]>()
  })

  test('needs an address, a token and a worker, and nothing else', () => {
    expectTypeOf(needed).toExtend<ConnectOptions>()
    expectTypeOf<Omit<typeof needed, 'baseUrl'>>().not.toExtend<ConnectOptions>()
    expectTypeOf<Omit<typeof needed, 'token'>>().not.toExtend<ConnectOptions>()
    expectTypeOf<Omit<typeof needed, 'worker'>>().not.toExtend<ConnectOptions>()
  })

  test('takes a token, or a function that gives one now or later', () => {
    expectTypeOf<string>().toExtend<ConnectOptions['token']>()
    expectTypeOf<() => string>().toExtend<ConnectOptions['token']>()
    expectTypeOf<() => Promise<string>>().toExtend<ConnectOptions['token']>()
    expectTypeOf<() => string | null>().not.toExtend<ConnectOptions['token']>()
  })

  test('takes a place to start from', () => {
    expectTypeOf<'now' | 'journal' | { last: number }>().toExtend<ConnectOptions['from']>()
    expectTypeOf<'start'>().not.toExtend<ConnectOptions['from']>()
  })

  test('takes how much the journal keeps, in all or in part', () => {
    expectTypeOf<{ maxEntries: number; maxAgeMs: number; maxBytes: number }>().toExtend<
      ConnectOptions['journal']
    >()
    expectTypeOf<{ maxAgeMs: number }>().toExtend<ConnectOptions['journal']>()
    const empty: ConnectOptions = { ...needed, journal: {} }
    const endless: ConnectOptions = { ...needed, journal: { maxAgeMs: Number.POSITIVE_INFINITY } }
    // @ts-expect-error a size is a number
    const text: ConnectOptions = { ...needed, journal: { maxEntries: '2048' } }
    // @ts-expect-error it is maxEntries
    const misspelt: ConnectOptions = { ...needed, journal: { maxEntires: 2_048 } }
    // @ts-expect-error it stands beside the journal
    const inside: ConnectOptions = { ...needed, journal: { persist: 'none' } }
    // @ts-expect-error they stand in the journal
    const outside: ConnectOptions = { ...needed, maxEntries: 2_048 }
    // @ts-expect-error nothing is kept with persist: 'none'
    const off: ConnectOptions = { ...needed, journal: false }
    void [empty, endless, text, misspelt, inside, outside, off]
  })

  test('takes what of the events is on disk', () => {
    expectTypeOf<ConnectOptions['persist']>().toEqualTypeOf<'events' | 'cursor' | 'none' | undefined>()
    const cursor: ConnectOptions = { ...needed, persist: 'cursor' }
    // @ts-expect-error there is no such choice
    const all: ConnectOptions = { ...needed, persist: 'all' }
    // @ts-expect-error it is 'none'
    const no: ConnectOptions = { ...needed, persist: false }
    void [cursor, all, no]
  })

  test('does not let its options be changed', () => {
    const sound: ConnectOptions = { ...needed, journal: { maxEntries: 7 }, persist: 'events' }
    // @ts-expect-error it is read-only
    sound.persist = 'none'
    // @ts-expect-error so is what is in it
    if (sound.journal) sound.journal.maxEntries = 8
  })

  test('takes numbers for times', () => {
    const sound: ConnectOptions = { ...needed, pingIntervalMs: 5_000 }
    // @ts-expect-error a time is a number
    const wrong: ConnectOptions = { ...needed, pingIntervalMs: '5s' }
    void [sound, wrong]
  })

  test('takes no option that there is not', () => {
    // @ts-expect-error it is reconnectBaseDelayMs
    const wrong: ConnectOptions = { ...needed, reconnectDelay: 5_000 }
    void wrong
  })

  test('takes a function that makes the worker, and not its address', () => {
    // @ts-expect-error the bundler has to see the URL
    const address: ConnectOptions = { ...needed, worker: '/relay.worker.js' }
    // @ts-expect-error a Worker belongs to one tab
    const dedicated: ConnectOptions = { ...needed, worker: () => new Worker('/relay.worker.js') }
    void [address, dedicated]
  })
})
