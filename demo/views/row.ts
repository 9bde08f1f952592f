/** One row of the stream. */
import { h, icon, timeOfDay, timeWithSeconds } from '../dom.js'
import { ageText } from '../model/age.js'
import type { Feed } from '../model/feed.js'
import { placeName, type Item, type MessageItem, type NoteItem } from '../model/items.js'
import { avatar } from './avatar.js'
import { reactionChip } from './reactions.js'
import { excerpt, richText } from './text.js'

/** What a row needs to know beside its item. */
export interface RowContext {
  readonly feed: Feed
  readonly me: string
  /** The thread that is open, if any: there a reply needs no quote. */
  readonly thread: string | null
}

const GROUPED_WITHIN = 5 * 60_000

/** A message goes on where the one before stopped: same author, same place, shortly after. */
export const continues = (item: Item, before: Item | undefined): boolean =>
  item.kind === 'message' &&
  before?.kind === 'message' &&
  item.author === before.author &&
  item.parentId === before.parentId &&
  placeName(item.place) === placeName(before.place) &&
  item.at - before.at < GROUPED_WITHIN

const offsetOf = (item: Item) =>
  h('span', { class: 'offset', title: `Offset ${item.offset}: the same in every tab` }, String(item.offset))

const time = (at: number) =>
  h('time', { datetime: new Date(at).toISOString(), title: timeWithSeconds(at) }, timeOfDay(at))

/** How old it is. It is shown, and kept up to date, while the page is offline. */
const age = (at: number) => h('span', { class: 'age', 'data-at': at }, ageText(Date.now() - at))

const button = (label: string, name: string, act: string) =>
  h(
    'button',
    {
      type: 'button',
      class: 'button quiet',
      'data-act': act,
      'aria-label': label,
      title: label,
      tabindex: -1,
    },
    icon(name),
  )

const quote = (item: MessageItem, { feed, thread }: RowContext): HTMLElement | null => {
  if (item.parentId === null || thread !== null) return null
  const parent = feed.message(item.parentId)
  const words = parent ? `${parent.author}: ${excerpt(parent.text, 90)}` : 'an earlier message'
  return h(
    'button',
    { type: 'button', class: 'quote', 'data-thread': item.parentId, tabindex: -1 },
    icon('reply'),
    h('span', {}, words),
  )
}

const footer = (item: MessageItem, { feed, me, thread }: RowContext): HTMLElement | null => {
  const replies = thread === null ? feed.replies(item.id) : 0
  const reactions = feed.reactions(item.id)
  if (replies === 0 && reactions.length === 0) return null
  const label = replies === 1 ? '1 reply' : `${replies} replies`
  return h(
    'div',
    { class: 'under' },
    ...reactions.map((reaction) => reactionChip(reaction, me)),
    replies === 0
      ? null
      : h('button', { type: 'button', class: 'thread-link', 'data-thread': item.id, tabindex: -1 }, label),
  )
}

const messageRow = (item: MessageItem, grouped: boolean, context: RowContext): HTMLElement => {
  const mine = item.author === context.me
  const head = h(
    'header',
    {},
    h('strong', { class: 'author' }, mine ? `${item.author} (you)` : item.author),
    h('span', { class: 'where' }, placeName(item.place)),
    time(item.at),
    age(item.at),
    item.edited ? h('span', { class: 'tag' }, 'edited') : null,
    item.replayed
      ? h('span', { class: 'tag', title: 'Missed, and sent again by the relay' }, 'replayed')
      : null,
  )
  const body = h(
    'div',
    { class: 'body' },
    head,
    quote(item, context),
    h('p', { class: 'text' }, ...richText(item.text)),
  )
  const under = footer(item, context)
  if (under) body.append(under)
  const actions = h(
    'div',
    { class: 'acts' },
    item.place.kind === 'dm' ? null : button('React', 'react', 'react'),
    button('Reply', 'reply', 'reply'),
  )
  return h(
    'article',
    {
      class: `row message${grouped ? ' grouped' : ''}${mine ? ' mine' : ''}`,
      'data-id': item.id,
      'data-place': item.place.kind,
      'aria-label': `${item.author}, ${placeName(item.place)}, ${timeOfDay(item.at)}`,
      tabindex: -1,
    },
    offsetOf(item),
    avatar(item.author),
    body,
    actions,
  )
}

const noteRow = (item: NoteItem): HTMLElement =>
  h(
    'article',
    { class: `row note ${item.kind}${item.gap ? ' gap' : ''}`, tabindex: -1 },
    offsetOf(item),
    h('p', {}, item.text, ' ', time(item.at), ' ', age(item.at)),
  )

/** The row of an item; `grouped` leaves out the author, who is named above. */
export const renderRow = (item: Item, grouped: boolean, context: RowContext): HTMLElement => {
  const row = item.kind === 'message' ? messageRow(item, grouped, context) : noteRow(item)
  row.dataset['offset'] = String(item.offset)
  return row
}
