/** The messages: the newest of what the filter shows, added to as they come. */
import { byId, count } from '../dom.js'
import type { Change, Feed } from '../model/feed.js'
import { shows, type Filter } from '../model/filter.js'
import type { Item, MessageItem } from '../model/items.js'
import { Follow } from './follow.js'
import { onceAFrame } from './frame.js'
import { createPicker } from './reactions.js'
import { createRoving } from './roving.js'
import { Rows, ROWS } from './rows.js'

/** What a reader can do with a message. */
export interface StreamActions {
  readonly reply: (message: MessageItem) => void
  readonly react: (message: MessageItem, emoji: string) => void
  readonly openThread: (id: string) => void
}

export const createStream = (feed: Feed, me: string, actions: StreamActions) => {
  const list = byId('feed', HTMLElement)
  const newer = byId('newer', HTMLButtonElement)
  const empty = byId('empty', HTMLElement)
  const openPicker = createPicker(byId('picker', HTMLElement))
  const rove = createRoving(list)
  const rows = new Rows(list, () => ({ feed, me, thread: filter.kind === 'thread' ? filter.id : null }))
  let filter: Filter = { kind: 'all' }
  let waiting: Item[] = []
  let touched = new Set<string>()
  let stale = true
  let unseen = 0

  const draw = () => {
    // Who reads older rows keeps them: once the list is full, what is new waits until they come back to the end.
    const hold = !stale && !follow.atEnd && rows.length + waiting.length > ROWS
    follow.keep(() => {
      if (stale || (!hold && waiting.length >= ROWS))
        rows.replace(feed.items.filter((item) => shows(filter, item)))
      else if (!hold) rows.append(waiting)
      rows.redraw(touched, (id) => feed.message(id))
    })
    touched = new Set()
    stale = false
    if (!hold) waiting = []
    if (follow.atEnd) unseen = 0
    rove()
    empty.hidden = rows.length > 0
    newer.hidden = unseen === 0
    newer.textContent = `${count(unseen)} new`
  }
  const schedule = onceAFrame(draw)
  const follow = new Follow(list, schedule)

  const take = (item: Item) => {
    if (item.offset < (waiting.at(-1)?.offset ?? rows.last)) stale = true
    else if (waiting.length < ROWS) waiting.push(item)
    if (!follow.atEnd) unseen += 1
  }

  const toNewest = () => {
    follow.toEnd()
    draw()
  }

  newer.addEventListener('click', () => {
    toNewest()
    if (list.lastElementChild instanceof HTMLElement) list.lastElementChild.focus({ preventScroll: true })
  })

  list.addEventListener('click', ({ target }) => {
    const pressed = target instanceof Element ? target.closest('button') : null
    if (!pressed) return
    const { act, react, thread } = pressed.dataset
    if (thread !== undefined) return actions.openThread(thread)
    const message = feed.message(pressed.closest('article')?.dataset['id'] ?? '')
    if (!message) return
    if (react !== undefined) actions.react(message, react)
    else if (act === 'reply') actions.reply(message)
    else if (act === 'react') openPicker(pressed, (emoji) => actions.react(message, emoji))
  })

  return {
    /** Shows other rows, from the newest on. */
    show(next: Filter): void {
      filter = next
      stale = true
      toNewest()
    },
    /** Takes over what an entry changed. */
    changed(change: Change): void {
      for (const id of change.touched) touched.add(id)
      if (change.added && shows(filter, change.added)) take(change.added)
      schedule()
    },
  }
}
