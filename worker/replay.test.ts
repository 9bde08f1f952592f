import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventFrame } from './decode.js'
import { inOrder, Holding, withoutForgotten, type Held } from './replay.js'

type Part = Partial<Omit<Held, 'event'>> & { readonly event?: Partial<EventFrame> }

/** `name` is in the text, and only there: it says which is which. */
const held = (name: string, { event, ...part }: Part = {}): Held => ({
  event: {
    kind: 'event',
    type: 'message.created',
    id: name,
    seq: null,
    epoch: null,
    createdAt: null,
    database: false,
    content: null,
    undoes: null,
    text: name,
    ...event,
  },
  known: false,
  era: 0,
  attempt: 1,
  at: 0,
  ...part,
})

/** An event with its number: from the ring, or live. */
const numbered = (name: string, seq: number, part: Part = {}) =>
  held(name, { ...part, event: { seq, ...part.event } })

/** A row of the database. */
const row = (name: string, part: Part = {}) =>
  held(name, { ...part, event: { database: true, ...part.event } })

const reaction = { type: 'message.reacted', id: null } as const
const dm = { type: 'dm.received' } as const

const names = (items: readonly Held[]) => items.map(({ event }) => event.text)

describe('in order', () => {
  test('events go by their numbers, live ones among those replayed', () => {
    const items = [numbered('b', 11), numbered('live', 13), numbered('a', 10), numbered('c', 12)]
    expect(names(inOrder(items))).toEqual(['a', 'b', 'c', 'live'])
  })

  test('an earlier era goes before a later one, whatever the numbers', () => {
    const items = [numbered('new', 1, { era: 1 }), numbered('old', 5_000)]
    expect(names(inOrder(items))).toEqual(['old', 'new'])
  })

  test('rows of the database that no numbered event is among go before all of them', () => {
    const items = [numbered('b', 600), row('a1'), row('a2')]
    expect(names(inOrder(items))).toEqual(['a1', 'a2', 'b'])
  })

  test('a row goes after the numbered copy of the row before it', () => {
    const items = [numbered('b', 600), numbered('d', 601), row('a'), row('b'), row('c'), row('d')]
    expect(names(inOrder(items))).toEqual(['a', 'b', 'b', 'c', 'd', 'd'])
  })

  test('the numbered copy of an event goes before that of the database', () => {
    const ordered = inOrder([row('a'), numbered('a', 600)])
    expect(ordered.map(({ event }) => event.seq)).toEqual([600, null])
  })

  test('a row does not go back before an earlier row of its table', () => {
    const items = [numbered('a', 601), numbered('b', 600), row('a'), row('b'), row('c')]
    expect(names(inOrder(items))).toEqual(['b', 'a', 'a', 'b', 'c'])
  })

  test.each([
    ['direct messages', dm, dm],
    ['reactions', { ...reaction, content: 'b' }, { ...reaction, content: 'c' }],
  ])('%s are a table of their own', (_, known, next) => {
    const items = [
      numbered('message', 600),
      numbered('other', 601, { event: { ...known } }),
      row('message'),
      row('other', { event: { ...known } }),
      row('after the message'),
      row('after the other', { event: { ...next } }),
    ]
    expect(names(inOrder(items))).toEqual([
      'message',
      'message',
      'after the message',
      'other',
      'other',
      'after the other',
    ])
  })

  test('a row says nothing about rows of another type, which may come one type after the other', () => {
    const items = [
      numbered('reply', 600, { event: { type: 'thread.reply' } }),
      row('reply', { event: { type: 'thread.reply' } }),
      row('message'),
    ]
    expect(names(inOrder(items))).toEqual(['message', 'reply', 'reply'])
  })

  test('the same id in another type is another event', () => {
    const items = [numbered('a', 600, { event: { type: 'thread.reply' } }), row('a'), row('b')]
    expect(inOrder(items).map(({ event }) => event.type)).toEqual([
      'message.created',
      'message.created',
      'thread.reply',
    ])
  })

  test('a second answer of the database begins anew', () => {
    const items = [numbered('b', 600), row('b'), row('a', { attempt: 2 }), row('b', { attempt: 2 })]
    expect(names(inOrder(items))).toEqual(['a', 'b', 'b', 'b'])
  })

  test('what has neither number nor row goes to the end of its era', () => {
    const items = [held('live'), numbered('a', 600), row('z'), numbered('new', 1, { era: 1 })]
    expect(names(inOrder(items))).toEqual(['z', 'a', 'live', 'new'])
  })

  test('it does not change what it is given', () => {
    const items = [numbered('b', 2), numbered('a', 1)]
    inOrder(items)
    expect(names(items)).toEqual(['b', 'a'])
  })
})

describe('without what is forgotten', () => {
  test('rows before the oldest known one of their table are left out', () => {
    const items = [row('old'), row('known', { known: true }), row('new')]
    expect(names(withoutForgotten(items))).toEqual(['known', 'new'])
  })

  test('rows after the oldest known one stay, also between known ones', () => {
    const items = [row('known', { known: true }), row('missed'), row('known too', { known: true })]
    expect(withoutForgotten(items)).toEqual(items)
  })

  test('rows stay where none of their table is known', () => {
    const items = [row('a'), row('b'), row('dm', { known: true, event: dm })]
    expect(withoutForgotten(items)).toEqual(items)
  })

  test('only the answer that a known row came by says what is old', () => {
    const items = [row('a'), row('b'), row('old', { attempt: 2 }), row('known', { known: true, attempt: 2 })]
    expect(names(withoutForgotten(items))).toEqual(['a', 'b', 'known'])
  })

  test('reactions stay, as each may have been made again', () => {
    const items = [row('a', { event: reaction }), row('b', { known: true, event: reaction })]
    expect(withoutForgotten(items)).toEqual(items)
  })

  test('numbered events stay, wherever they came', () => {
    const items = [numbered('ring', 600), row('old'), numbered('live', 601), row('known', { known: true })]
    expect(names(withoutForgotten(items))).toEqual(['ring', 'live', 'known'])
  })

  test('a known event that is no row says nothing about rows', () => {
    const items = [row('a'), numbered('known', 600, { known: true }), row('b')]
    expect(withoutForgotten(items)).toEqual(items)
  })
})

describe('holding', () => {
  const holding = (items: readonly Held[]) => {
    const all = new Holding()
    for (const item of items) all.add(item)
    return all
  }

  test('keeps the newest copy of a numbered event, whatever the eras', () => {
    const [old, other, copy] = [
      numbered('a', 600),
      numbered('b', 601),
      numbered('a', 600, { era: 1, attempt: 2 }),
    ]
    expect(holding([old, other, copy]).take()).toEqual([other, copy])
  })

  test('keeps the same number of another event', () => {
    const items = [numbered('a', 600), numbered('b', 600)]
    expect(holding(items).take()).toEqual(items)
  })

  test('keeps another number of the same event', () => {
    const items = [numbered('a', 600), numbered('a', 3, { era: 1 })]
    expect(holding(items).take()).toEqual(items)
  })

  test('counts a row that every answer brings once', () => {
    const all = holding([row('a'), numbered('a', 600), row('a', { attempt: 2 })])
    expect(all.size).toBe(2)
    expect(all.take()).toEqual([numbered('a', 600), row('a', { attempt: 2 })])
    expect(all.size).toBe(0)
  })

  test('knows the highest number that came by an earlier socket in the era', () => {
    const all = holding([numbered('a', 7), numbered('b', 9, { era: 1 }), numbered('c', 8, { attempt: 2 })])
    expect([all.highestBefore(2, 0), all.highestBefore(3, 0), all.highestBefore(1, 0)]).toEqual([7, 8, 0])
  })

  test('knows whether an answer has begun before what was known', () => {
    const all = holding([row('a', { known: true }), row('b', { attempt: 2 })])
    expect([all.overlaps(1), all.overlaps(2)]).toEqual([true, false])
  })

  test('gives the new era to what can be of the new counter', () => {
    const all = holding([
      numbered('old', 600),
      numbered('new', 3),
      numbered('earlier', 2, { attempt: 0 }),
      row('row'),
    ])
    all.renumber(1, 5, null, 1)
    expect(all.take().map(({ event, era }) => [event.id, era])).toEqual([
      ['old', 0],
      ['new', 1],
      ['earlier', 0],
      ['row', 1],
    ])
  })
})

describe('whatever is held', () => {
  const someHeld = fc
    .array(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        type: fc.constantFrom('message.created', 'dm.received', 'message.reacted'),
        from: fc.constantFrom('ring', 'database', 'nowhere'),
        seq: fc.integer({ min: 1, max: 20 }),
        era: fc.nat(1),
        known: fc.boolean(),
      }),
      { maxLength: 20 },
    )
    .map((items) =>
      items.map(({ name, type, from, seq, era, known }) => {
        const id = type === 'message.reacted' ? null : name
        const event = { type, id, content: id === null ? name : null, database: from === 'database' }
        return from === 'ring' ? numbered(name, seq, { era, known, event }) : held(name, { known, event })
      }),
    )

  const place = ({ event, era }: Held): number => era * 1_000 + (event.seq ?? Number.NaN)

  test('all of it comes out, once', () => {
    fc.assert(
      fc.property(someHeld, (items) => {
        const ordered = inOrder(items)
        return ordered.length === items.length && new Set(ordered).size === new Set(items).size
      }),
    )
  })

  test('numbers never fall within an era', () => {
    fc.assert(
      fc.property(someHeld, (items) => {
        const places = inOrder(items)
          .filter(({ event }) => event.seq !== null)
          .map(place)
        return places.every((each, index) => index === 0 || each >= (places[index - 1] ?? 0))
      }),
    )
  })

  test.each(['message.created', 'dm.received', 'message.reacted'])(
    'the rows of %s stay in the order of the database',
    (type) => {
      const rows = (items: readonly Held[]) =>
        items.filter(({ event }) => event.database && event.type === type)
      fc.assert(
        fc.property(someHeld, (items) => {
          const [before, after] = [rows(items), rows(inOrder(items))]
          return after.every((each, index) => each === before[index])
        }),
      )
    },
  )

  test('nothing is left out but rows with an id that nobody knows', () => {
    fc.assert(
      fc.property(someHeld, (items) => {
        const kept = new Set(withoutForgotten(items))
        return items
          .filter((item) => !kept.has(item))
          .every(({ event, known }) => event.database && event.id !== null && !known)
      }),
    )
  })
})
