/** The list of channels: what the stream shows, how much there is, and what is new. */
import { byId, count, h, icon, setText } from '../dom.js'
import { keyOf, shows, type Filter } from '../model/filter.js'
import type { Item } from '../model/items.js'

interface Entry {
  readonly filter: Filter
  readonly button: HTMLButtonElement
  readonly total: HTMLElement
  messages: number
  unread: number
}

/** A filter as it stands in the list and above the stream. */
export interface PlaceOption {
  readonly filter: Filter
  readonly title: string
  readonly topic: string
  readonly icon: string
}

/** Everything, the channels, and what is not in one. */
export const placeOptions = (
  channels: readonly { readonly name: string; readonly topic: string }[],
): readonly PlaceOption[] => [
  {
    filter: { kind: 'all' },
    title: 'Everything',
    topic: 'Channels, threads and direct messages',
    icon: 'all',
  },
  ...channels.map(({ name, topic }) => ({
    filter: { kind: 'channel', name } as const,
    title: name,
    topic,
    icon: 'hash',
  })),
  { filter: { kind: 'dm' }, title: 'Direct messages', topic: 'Sent to you alone', icon: 'mail' },
  {
    filter: { kind: 'activity' },
    title: 'Activity',
    topic: 'Presence, members and all other events',
    icon: 'pulse',
  },
]

export const createPlaces = (options: readonly PlaceOption[], choose: (filter: Filter) => void) => {
  const list = byId('channels', HTMLElement)
  const entries = options.map(({ filter, title, icon: name }): Entry => {
    const total = h('span', { class: 'total' }, '0')
    const button = h('button', { type: 'button' }, icon(name), h('span', { class: 'name' }, title), total)
    button.addEventListener('click', () => choose(filter))
    list.append(h('li', {}, button))
    return { filter, button, total, messages: 0, unread: 0 }
  })
  let selected: Filter = { kind: 'all' }

  /** How much there is, or how much of it is new. */
  const label = ({ button, total, messages, unread }: Entry) => {
    setText(total, count(unread || messages))
    button.classList.toggle('unread', unread > 0)
  }
  /** Who looks at everything sees what comes in the channels, but not what is in none. */
  const isSeen = ({ filter }: Entry) =>
    filter.kind === 'all' ||
    keyOf(filter) === keyOf(selected) ||
    (selected.kind === 'all' && filter.kind !== 'activity')

  return {
    select(filter: Filter): void {
      selected = filter
      for (const entry of entries) {
        entry.button.setAttribute('aria-current', String(keyOf(entry.filter) === keyOf(filter)))
        if (isSeen(entry)) entry.unread = 0
        label(entry)
      }
    },
    /** Counts a row where it belongs; what came `live` is new where the reader does not look. */
    added(item: Item, live: boolean): void {
      if (item.kind === 'resynced') return
      for (const entry of entries) {
        if (!shows(entry.filter, item)) continue
        entry.messages += 1
        if (live && !isSeen(entry) && entry.filter.kind !== 'activity') entry.unread += 1
        label(entry)
      }
    },
  }
}
