/** The newest entries of the journal as rows, with their threads and reactions. No DOM. */
import type { EventMeta, HistoryEntry } from 'tabmux'
import { is } from './is.js'
import { itemOf, type Item, type MessageItem } from './items.js'
import { Reactions, type Reaction } from './reactions.js'

const KEPT = 2_000

/** What an entry changed: a row that is new, and messages that look different. */
export interface Change {
  readonly added: Item | null
  readonly touched: readonly string[]
}

const NOTHING: Change = { added: null, touched: [] }

/**
 * Rows in the order of their offsets. History and live events come in by the same door, and an offset that is there
 * already changes nothing: so it does not matter which of the two is first.
 */
export class Feed {
  readonly #items: Item[] = []
  readonly #messages = new Map<string, MessageItem>()
  readonly #replies = new Map<string, Set<string>>()
  readonly #reactions = new Reactions()

  /** Oldest first. */
  get items(): readonly Item[] {
    return this.#items
  }

  add(event: HistoryEntry['event'], meta: EventMeta): Change {
    if (is(event, 'message.reacted')) {
      const { messageId, emoji, agentName: agent, action } = event
      const on = action !== 'removed'
      return this.#reactions.set(messageId, { emoji, agent, on, offset: meta.offset })
        ? { added: null, touched: [messageId] }
        : NOTHING
    }
    if (is(event, 'message.updated')) return this.#edit(event.message.id, event.message.text)
    const item = itemOf(event, meta)
    return item ? this.#insert(item) : NOTHING
  }

  message(id: string): MessageItem | undefined {
    return this.#messages.get(id)
  }

  /** How many replies to a message are known. */
  replies(id: string): number {
    return this.#replies.get(id)?.size ?? 0
  }

  reactions(id: string): readonly Reaction[] {
    return this.#reactions.of(id)
  }

  #insert(item: Item): Change {
    let at = this.#items.length
    while (at > 0 && (this.#items[at - 1]?.offset ?? 0) > item.offset) at -= 1
    if (this.#items[at - 1]?.offset === item.offset) return NOTHING
    // A reply may also come as a message: one row for both, the one that knows its thread.
    if (item.kind === 'message' && this.#messages.has(item.id)) return NOTHING
    this.#items.splice(at, 0, item)
    const touched = item.kind === 'message' ? this.#index(item) : []
    if (this.#items.length > KEPT) this.#dropOldest()
    return { added: item, touched }
  }

  #index(item: MessageItem): readonly string[] {
    this.#messages.set(item.id, item)
    if (item.parentId === null) return []
    const replies = this.#replies.get(item.parentId) ?? new Set<string>()
    this.#replies.set(item.parentId, replies.add(item.id))
    return [item.parentId]
  }

  #edit(id: string, text: string): Change {
    const item = this.#messages.get(id)
    if (!item) return NOTHING
    const edited = { ...item, text, edited: true }
    this.#messages.set(id, edited)
    this.#items[this.#items.indexOf(item)] = edited
    return { added: null, touched: [id] }
  }

  #dropOldest(): void {
    const dropped = this.#items.shift()
    if (dropped?.kind !== 'message') return
    this.#messages.delete(dropped.id)
    this.#replies.delete(dropped.id)
  }
}
