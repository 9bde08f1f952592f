import { describe, expect, test } from 'vitest'
import { openDatabase } from './database.js'
import { createMemoryStore } from './memory/store.js'
import { createStore, type Store } from './store.js'

const stores: readonly (readonly [name: string, make: () => Store])[] = [
  ['the database', () => createStore(openDatabase(':memory:'))],
  ['memory', createMemoryStore],
]

/** A store with two agents and two channels, and what it takes to add to it. */
const filled = (store: Store) => {
  store.addAgent('alice', 'at_alice', 1)
  store.addAgent('bob', 'at_bob', 2)
  store.addChannel('general', 3)
  store.addChannel('random', 4)
  const [alice, bob] = store.agents()
  const channel = store.channel('general')
  const add = (text: string, created_at: number, parent_id: string | null = null) =>
    store.addMessage({ channel_id: channel.id, agent_id: bob!.id, parent_id, text, created_at })
  return { store, alice: alice!, bob: bob!, channel, add }
}

const textsOf = (rows: readonly { readonly text: string }[]): string[] => rows.map(({ text }) => text)

describe.each(stores)('what is kept in %s', (_, make) => {
  test('an agent keeps its id when it gets another token', () => {
    const { store, alice } = filled(make())
    store.addAgent('alice', 'at_other', 9)
    expect(store.agents()).toMatchObject([{ ...alice, token: 'at_other' }, { name: 'bob' }])
  })

  test('a channel is added once', () => {
    const { store, channel } = filled(make())
    expect(store.addChannel('general', 9)).toBe(0)
    expect(store.channels().map(({ name }) => name)).toEqual(['general', 'random'])
    expect(store.channel('general')).toEqual(channel)
  })

  test('a message has the names of its author and its channel', () => {
    const { store, add } = filled(make())
    const { id } = add('hello', 5)
    expect(store.message(id)).toMatchObject({ text: 'hello', agent_name: 'bob', channel: 'general' })
  })

  test('what is not there is said so', () => {
    const { store } = filled(make())
    expect(() => store.message('msg_none')).toThrow(/message: expected one that exists/)
    expect(() => store.channel('none')).toThrow(/channel: expected one that exists/)
  })

  test('a channel is listed newest first, between two messages, without replies', () => {
    const { store, channel, add } = filled(make())
    const messages = ['a', 'b', 'c', 'd'].map((text) => add(text, 5))
    add('reply', 6, messages[0]!.id)
    const list = (limit: number, before: string | null, after: string | null) =>
      textsOf(store.messages(channel.id, { limit, before, after }))
    expect(list(10, null, null)).toEqual(['d', 'c', 'b', 'a'])
    expect(list(2, null, null)).toEqual(['d', 'c'])
    expect(list(10, messages[3]!.id, messages[0]!.id)).toEqual(['c', 'b'])
    expect(store.replyCount(messages[0]!.id)).toBe(1)
  })

  test('a reaction is added once', () => {
    const { store, alice, bob, add } = filled(make())
    const { id } = add('hello', 5)
    const first = store.addReaction(id, alice.id, '👍', 6)
    expect(first).toMatchObject({ isNew: true, reaction: { agent_name: 'alice' } })
    expect(store.addReaction(id, alice.id, '👍', 7)).toMatchObject({
      isNew: false,
      reaction: { id: first.reaction.id },
    })
    store.addReaction(id, bob.id, '👍', 8)
    expect(store.reactionsTo(id).map(({ agent_name }) => agent_name)).toEqual(['alice', 'bob'])
  })

  test('what is later than a second is given oldest first, to its addressee, and no more than asked for', () => {
    const { store, alice, bob, add } = filled(make())
    const times = [1_999, 4_000, 3_000, 2_000]
    const messages = times.map((at) => add(`at ${at}`, at))
    for (const created_at of times) {
      const dm = { conversation_id: 'c', agent_id: bob.id, text: `dm at ${created_at}`, created_at }
      store.addDm({ ...dm, receiver_id: alice.id })
    }
    store.addReaction(messages[0]!.id, bob.id, '👍', 2_500)
    const after = (seconds: number, limit: number) => ({ seconds, limit })
    expect(textsOf(store.messagesLater(after(1, 10)))).toEqual(['at 2000', 'at 3000', 'at 4000'])
    expect(textsOf(store.messagesLater(after(1, 2)))).toEqual(['at 2000', 'at 3000'])
    expect(textsOf(store.dmsLater(alice.id, after(2, 10)))).toEqual(['dm at 3000', 'dm at 4000'])
    expect(store.dmsLater(bob.id, after(0, 10))).toEqual([])
    expect(store.reactionsLater(after(1, 10))).toHaveLength(1)
    expect(store.reactionsLater(after(2, 10))).toEqual([])
  })
})
