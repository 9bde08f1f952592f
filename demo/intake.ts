/** What comes from the relay: counted and checked, then handed on, live and from history by the same door. */
import type { AnyEvent, EventMeta, HistoryEntry, Relay, Resynced } from 'tabmux'
import type { Tally } from './model/tally.js'

/** Gets every entry; `isLive` says that it has just come. */
export type Take = (event: HistoryEntry['event'], meta: EventMeta, isLive: boolean) => void

const HISTORY = 2_000

const isResynced = (event: AnyEvent): event is Resynced => event.type === 'resynced'

/** One message can give two events of different types, so type and id together are what is unique. */
const idOf = (event: AnyEvent): string | undefined =>
  'id' in event && typeof event.id === 'string' ? `${event.type}:${event.id}` : undefined

/** Runs once after all that the present delivery brings, as the tab's position is kept once for all of it. */
const afterDelivery = (act: () => void): (() => void) => {
  let due = false
  return () => {
    if (due) return
    due = true
    queueMicrotask(() => {
      due = false
      act()
    })
  }
}

/** Takes what comes from now on. */
export const takeLive = (relay: Relay, tally: Tally, take: Take): void => {
  const save = afterDelivery(() => tally.save())
  relay.on.any((event, meta) => {
    if (!meta) return
    if (isResynced(event)) tally.resynced(event, meta)
    else tally.event(meta, idOf(event))
    save()
    // A gap of the journal is this tab's alone and has no offset of its own: its place is after the last one.
    const isOwn = isResynced(event) && event.source === 'journal'
    // With `meta` it is an entry of the journal, and not one of the client's own events.
    take(event as HistoryEntry['event'], isOwn ? { ...meta, offset: meta.offset + 0.5 } : meta, true)
  })
}

/** Takes what the journal holds: a dashboard that is opened or reloaded is filled at once, also offline. */
export const takeHistory = async (relay: Relay, take: Take): Promise<void> => {
  for (const { event, meta } of await relay.history({ limit: HISTORY })) take(event, meta, false)
}
