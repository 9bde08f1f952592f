/** The newest events, as React state. */
import { useMemo, useSyncExternalStore } from 'react'
import {
  TabmuxError,
  type EventMeta,
  type EventOf,
  type HistoryEntry,
  type RelayEvent,
  type RelayEventType,
  type UnknownEvent,
} from '../index.js'
import { useSource } from './provider.js'
import { NOTHING, RecentStore } from './recent-store.js'

/** An event of one of these types, with what is known about it. */
export interface EntryOf<T extends RelayEventType> {
  /** The event, as handlers get it. */
  readonly event: EventOf<T>
  /** What is known about it beside what the relay says in it: its place in the journal, … */
  readonly meta: EventMeta
}

/** Which events `useRelayEvents` gives. */
export interface RelayEventsOptions<T extends RelayEventType = RelayEventType> {
  /** Only events of these types. @default all, those that this version does not know included */
  readonly types?: readonly T[]
  /**
   * Only events of these channels: those that say which `channel` they belong to, and with `@self` direct messages. The
   * relay is asked for the channels, as by `relay.subscribe`. A leading `#` is dropped. @default all
   */
  readonly channels?: readonly string[]
  /** How many at most: the newest ones. @default 50 */
  readonly limit?: number
}

/**
 * The newest events, oldest first: at once those that the journal holds, also offline and after a reload, and from then
 * on each one that comes. None is there twice, and where the journal and what comes meet none is missing. The array is
 * the same until it changes. It is empty on a server, and until the worker has answered.
 *
 * A `resynced` is not in it: see `useResynced`. After the loss of the journal (`journal_lost`) it is what the new one has.
 *
 * @throws {TabmuxError} `invalid_argument` outside of a provider, or if an option is not what it should be
 * @example const messages = useRelayEvents({ types: ['message.created'], channels: ['general'], limit: 100 })
 */
export function useRelayEvents<const T extends RelayEventType>(
  options: RelayEventsOptions<T> & { readonly types: readonly T[] },
): readonly EntryOf<T>[]
export function useRelayEvents(
  options?: Omit<RelayEventsOptions, 'types'>,
): readonly { readonly event: RelayEvent | UnknownEvent; readonly meta: EventMeta }[]
export function useRelayEvents({ types, channels, limit = 50 }: RelayEventsOptions = {}): readonly {
  readonly event: HistoryEntry['event']
  readonly meta: EventMeta
}[] {
  const source = useSource()
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new TabmuxError('invalid_argument', `expected limit to be a whole number, got ${limit}`)
  }
  // Arrays that are written where they are used are new ones with each render.
  const key = JSON.stringify([types, channels, limit])
  const store = useMemo(() => {
    const [ofTypes, names, most] = JSON.parse(key) as [string[] | null, string[] | null, number] // as above
    const inChannels = names?.map((name) => name.trim().replace(/^#/, '')) ?? null
    return new RecentStore(source, {
      matches: ({ event }) => isOf(event, ofTypes) && isIn(event, inChannels),
      channels: names ?? [],
      limit: most,
    })
  }, [source, key])
  return useSyncExternalStore(store.subscribe, store.shown, nothing)
}

const nothing = (): readonly HistoryEntry[] => NOTHING

const isOf = ({ type }: HistoryEntry['event'], types: readonly string[] | null): boolean =>
  type !== 'resynced' && (types === null || types.includes(type))

const isIn = (event: HistoryEntry['event'], channels: readonly string[] | null): boolean => {
  if (channels === null) return true
  if (event.type === 'dm.received' || event.type === 'group_dm.received') return channels.includes('@self')
  const channel: unknown = 'channel' in event ? event.channel : null
  return typeof channel === 'string' && channels.includes(channel)
}
