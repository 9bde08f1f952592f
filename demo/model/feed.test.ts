import { describe, expect, it } from 'vitest'
import { Feed } from './feed.js'

const ID = '00000000-0000-4000-8000-000000000001'
const message = (id: string, text = id) =>
  ({ type: 'message.created', id: ID, channel: 'general', message: { id, agentName: 'ada', text } }) as const
const reply = (id: string, parentId: string) =>
  ({
    type: 'thread.reply',
    id: ID,
    channel: 'general',
    parentId,
    message: { id, agentName: 'bo', text: id },
  }) as const
const reacted = (messageId: string, action: 'added' | 'removed') =>
  ({ type: 'message.reacted', messageId, emoji: '+1', agentName: 'bo', action }) as const
const at = (offset: number) => ({ offset, replayed: false })
const offsets = (feed: Feed) => feed.items.map(({ offset }) => offset)

describe('Feed', () => {
  it('puts history before what was live first', () => {
    const feed = new Feed()
    feed.add(message('c'), at(3))
    feed.add(message('a'), at(1))
    feed.add(message('b'), at(2))
    expect(offsets(feed)).toEqual([1, 2, 3])
  })

  it('takes an offset once, whichever of history and live brings it', () => {
    const feed = new Feed()
    feed.add(message('a'), at(1))
    expect(feed.add(message('a'), at(1))).toEqual({ added: null, touched: [] })
    expect(offsets(feed)).toEqual([1])
  })

  it('counts replies and says that their parent looks different', () => {
    const feed = new Feed()
    feed.add(message('a'), at(1))
    expect(feed.add(reply('b', 'a'), at(2)).touched).toEqual(['a'])
    expect(feed.replies('a')).toBe(1)
  })

  it('keeps a removed reaction removed when history brings the older one later', () => {
    const feed = new Feed()
    feed.add(reacted('a', 'removed'), at(5))
    feed.add(reacted('a', 'added'), at(4))
    expect(feed.reactions('a')).toEqual([])
  })

  it('shows the new text of an edited message in its old place', () => {
    const feed = new Feed()
    feed.add(message('a'), at(1))
    feed.add(message('b'), at(2))
    feed.add(
      { type: 'message.updated', channel: 'general', message: { id: 'a', agentName: 'ada', text: 'new' } },
      at(3),
    )
    expect(feed.items[0]).toMatchObject({ offset: 1, text: 'new', edited: true })
  })

  it('has a row for an event of a type that nobody knows yet', () => {
    const feed = new Feed()
    expect(feed.add({ type: 'plan.changed' }, at(1)).added).toMatchObject({
      kind: 'activity',
      text: 'plan.changed',
    })
  })

  it('keeps the newest 2,000 rows', () => {
    const feed = new Feed()
    for (let n = 1; n <= 2_100; n += 1) feed.add(message(`m${n}`), at(n))
    expect(feed.items).toHaveLength(2_000)
    expect(feed.items[0]?.offset).toBe(101)
  })
})
