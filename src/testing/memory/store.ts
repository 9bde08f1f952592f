/** What the relay keeps in its database, without one: for tests that start hundreds of relays. */
import { randomUUID } from 'node:crypto'
import { RelayError, describe } from '../errors.js'
import type { Store, StoredAgent, StoredChannel, StoredDm, StoredMessage, StoredReaction } from '../store.js'

const newId = (kind: string): string => `${kind}_${randomUUID().replaceAll('-', '')}`

const found = <Row>(what: string, key: string, row: Row | undefined): Row => {
  if (row === undefined)
    throw new RelayError('not_found', `${what}: expected one that exists, got ${describe(key)}`)
  return row
}

/** What was created later than a time in whole seconds, oldest first. The order of equal times is that of the rows. */
const later = <Row extends { readonly created_at: number }>(
  rows: readonly Row[],
  { seconds, limit }: { readonly seconds: number; readonly limit: number },
): Row[] =>
  rows
    .filter(({ created_at }) => Math.floor(created_at / 1_000) > seconds)
    .toSorted((one, other) => one.created_at - other.created_at)
    .slice(0, limit)

/** See the head of this file. */
export const createMemoryStore = (): Store => {
  const agents = new Map<string, StoredAgent>()
  const channels = new Map<string, StoredChannel>()
  const messages: StoredMessage[] = []
  const dms: (StoredDm & { readonly receiver_id: string })[] = []
  const reactions: (StoredReaction & { readonly agent_id: string })[] = []

  const agentWithId = (id: string): StoredAgent =>
    found(
      'agent',
      id,
      [...agents.values()].find((agent) => agent.id === id),
    )
  const message = (id: string): StoredMessage =>
    found(
      'message',
      id,
      messages.find((each) => each.id === id),
    )
  const place = (id: string | null): number => messages.findIndex((each) => each.id === id)

  return {
    agents: () => [...agents.values()],
    addAgent: (name, token, created_at) => {
      const known = agents.get(name)
      agents.set(name, known ? { ...known, token } : { id: newId('agent'), name, token, created_at })
      return 1
    },

    channels: () => [...channels.values()],
    channel: (name) => found('channel', name, channels.get(name)),
    addChannel: (name, created_at) => {
      if (channels.has(name)) return 0
      channels.set(name, { id: newId('channel'), name, created_at })
      return 1
    },

    message,
    messages: (channelId, { limit, before, after }) =>
      messages
        .filter(({ channel_id, parent_id }, index) => {
          const isBetween =
            (before === null || index < place(before)) && (after === null || index > place(after))
          return channel_id === channelId && parent_id === null && isBetween
        })
        .toReversed()
        .slice(0, limit),
    replyCount: (messageId) => messages.filter(({ parent_id }) => parent_id === messageId).length,
    addMessage: (row) => {
      const channel = [...channels.values()].find(({ id }) => id === row.channel_id)
      const { name: agent_name } = agentWithId(row.agent_id)
      const { name } = found('channel', row.channel_id, channel)
      const added = { ...row, id: newId('msg'), channel: name, agent_name }
      messages.push(added)
      return added
    },

    addDm: (row) => {
      const { name: agent_name } = agentWithId(row.agent_id)
      const added = { ...row, id: newId('dm'), agent_name }
      dms.push(added)
      return added
    },

    reactionsTo: (messageId) => reactions.filter(({ message_id }) => message_id === messageId),
    addReaction: (messageId, agentId, emoji, created_at) => {
      const known = reactions.find(
        (each) => each.message_id === messageId && each.agent_id === agentId && each.emoji === emoji,
      )
      if (known) return { reaction: known, isNew: false }
      const { name: agent_name } = agentWithId(agentId)
      const about = { id: newId('reaction'), message_id: messageId, agent_id: agentId, agent_name }
      const reaction = { ...about, emoji, created_at }
      reactions.push(reaction)
      return { reaction, isNew: true }
    },

    messagesLater: (since) => later(messages, since),
    dmsLater: (receiverId, since) =>
      later(
        dms.filter(({ receiver_id }) => receiver_id === receiverId),
        since,
      ),
    reactionsLater: (since) => later(reactions, since),

    close: () => undefined,
  }
}
