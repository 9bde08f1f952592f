import { randomUUID } from 'node:crypto'
import type { Database } from './database.js'
import { RelayError, describe } from './errors.js'

/** An agent, as stored. Times in all rows are milliseconds since 1970. */
export interface StoredAgent {
  readonly id: string
  readonly name: string
  readonly token: string
  readonly created_at: number
}

/** A channel, as stored. */
export interface StoredChannel {
  readonly id: string
  readonly name: string
  readonly created_at: number
}

/** A message, or a reply if it has a parent. */
export interface StoredMessage {
  readonly id: string
  readonly channel_id: string
  readonly channel: string
  readonly agent_id: string
  readonly agent_name: string
  readonly parent_id: string | null
  readonly text: string
  readonly created_at: number
}

/** A direct message. */
export interface StoredDm {
  readonly id: string
  readonly conversation_id: string
  readonly agent_id: string
  readonly agent_name: string
  readonly text: string
  readonly created_at: number
}

/** A reaction to a message. */
export interface StoredReaction {
  readonly id: string
  readonly message_id: string
  readonly agent_name: string
  readonly emoji: string
  readonly created_at: number
}

/** Which messages of a channel to list: newest first, at most `limit`, between two message ids. */
interface Page {
  readonly limit: number
  readonly before: string | null
  readonly after: string | null
}

/** What is later than a time in seconds, at most `limit` rows of each kind. */
interface Later {
  readonly seconds: number
  readonly limit: number
}

const MESSAGE = `SELECT m.id, m.channel_id, c.name AS channel, m.agent_id, a.name AS agent_name, m.parent_id, m.text,
  m.created_at FROM messages m JOIN channels c ON c.id = m.channel_id JOIN agents a ON a.id = m.agent_id`
const DM = `SELECT d.id, d.conversation_id, d.agent_id, a.name AS agent_name, d.text, d.created_at
  FROM dms d JOIN agents a ON a.id = d.agent_id`
const REACTION = `SELECT r.id, r.message_id, a.name AS agent_name, r.emoji, r.created_at
  FROM reactions r JOIN agents a ON a.id = r.agent_id`

/** Ids are random: a relay with a new database must not give out ids that a client has already seen. */
const newId = (kind: string): string => `${kind}_${randomUUID().replaceAll('-', '')}`

/** The row that an insert has just made. */
const stored = <Row>([row]: readonly Row[]): Row => {
  if (row === undefined)
    throw new RelayError('internal_error', 'database: expected the row just stored, got none')
  return row
}

const found = <Row>(what: string, key: string, [row]: readonly Row[]): Row => {
  if (row === undefined)
    throw new RelayError('not_found', `${what}: expected one that exists, got ${describe(key)}`)
  return row
}

/** Everything that the relay keeps on disk, as calls. Inserts give the row as it was stored. */
export const createStore = (database: Database) => {
  const insertAgent = database.change(`INSERT INTO agents VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET token = excluded.token`)
  const agents = database.rows<StoredAgent>('SELECT id, name, token, created_at FROM agents ORDER BY rowid')
  const insertChannel = database.change('INSERT INTO channels VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING')
  const channels = database.rows<StoredChannel>('SELECT id, name, created_at FROM channels ORDER BY rowid')
  const channelNamed = database.rows<StoredChannel>(
    'SELECT id, name, created_at FROM channels WHERE name = ?',
  )

  const insertMessage = database.change(
    'INSERT INTO messages (id, channel_id, agent_id, parent_id, text, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const messageWithId = database.rows<StoredMessage>(`${MESSAGE} WHERE m.id = ?`)
  const page = database.rows<StoredMessage>(`${MESSAGE} WHERE m.channel_id = ?1 AND m.parent_id IS NULL
    AND (?2 IS NULL OR m.seq < (SELECT seq FROM messages WHERE id = ?2))
    AND (?3 IS NULL OR m.seq > (SELECT seq FROM messages WHERE id = ?3)) ORDER BY m.seq DESC LIMIT ?4`)
  const replyCount = database.rows<{ count: number }>(
    'SELECT count(*) AS count FROM messages WHERE parent_id = ?',
  )

  const insertDm = database.change(`INSERT INTO dms
    (id, conversation_id, agent_id, receiver_id, text, created_at) VALUES (?, ?, ?, ?, ?, ?)`)
  const dmWithId = database.rows<StoredDm>(`${DM} WHERE d.id = ?`)

  const insertReaction = database.change(`INSERT INTO reactions
    (id, message_id, agent_id, emoji, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const reaction = database.rows<StoredReaction>(
    `${REACTION} WHERE r.message_id = ? AND r.agent_id = ? AND r.emoji = ?`,
  )
  const reactionsTo = database.rows<StoredReaction>(`${REACTION} WHERE r.message_id = ? ORDER BY r.seq`)

  // Both sides are whole seconds (`PROTOCOL.md`, "What makes it hard", 9): what was created in the second
  // of `since` is not later than it.
  const messagesLater = database.rows<StoredMessage>(
    `${MESSAGE} WHERE m.created_at / 1000 > ? ORDER BY m.created_at, m.seq LIMIT ?`,
  )
  const dmsLater = database.rows<StoredDm>(
    `${DM} WHERE d.receiver_id = ? AND d.created_at / 1000 > ? ORDER BY d.created_at, d.seq LIMIT ?`,
  )
  const reactionsLater = database.rows<StoredReaction>(
    `${REACTION} WHERE r.created_at / 1000 > ? ORDER BY r.created_at, r.seq LIMIT ?`,
  )

  return {
    agents: () => agents(),
    /** Adds an agent, or gives one of that name another token. */
    addAgent: (name: string, token: string, at: number) => insertAgent(newId('agent'), name, token, at),

    channels: () => channels(),
    /** @throws RelayError `not_found` */
    channel: (name: string) => found('channel', name, channelNamed(name)),
    /** Adds a channel, if there is none of that name. */
    addChannel: (name: string, at: number) => insertChannel(newId('channel'), name, at),

    /** @throws RelayError `not_found` */
    message: (id: string) => found('message', id, messageWithId(id)),
    messages: (channelId: string, { limit, before, after }: Page) => page(channelId, before, after, limit),
    replyCount: (messageId: string) => replyCount(messageId)[0]?.count ?? 0,
    addMessage: (
      message: Pick<StoredMessage, 'channel_id' | 'agent_id' | 'parent_id' | 'text' | 'created_at'>,
    ) => {
      const id = newId('msg')
      const { channel_id, agent_id, parent_id, text, created_at } = message
      insertMessage(id, channel_id, agent_id, parent_id, text, created_at)
      return stored(messageWithId(id))
    },

    addDm: (dm: Omit<StoredDm, 'id' | 'agent_name'> & { receiver_id: string }) => {
      const id = newId('dm')
      insertDm(id, dm.conversation_id, dm.agent_id, dm.receiver_id, dm.text, dm.created_at)
      return stored(dmWithId(id))
    },

    reactionsTo: (messageId: string) => reactionsTo(messageId),
    /** Adds a reaction; `isNew` is false if this agent had already reacted to the message with this emoji. */
    addReaction: (messageId: string, agentId: string, emoji: string, at: number) => {
      const isNew = insertReaction(newId('reaction'), messageId, agentId, emoji, at) > 0
      return { reaction: stored(reaction(messageId, agentId, emoji)), isNew }
    },

    messagesLater: ({ seconds, limit }: Later) => messagesLater(seconds, limit),
    dmsLater: (receiverId: string, { seconds, limit }: Later) => dmsLater(receiverId, seconds, limit),
    reactionsLater: ({ seconds, limit }: Later) => reactionsLater(seconds, limit),

    close: () => database.close(),
  }
}

/** Everything that the relay keeps on disk. */
export type Store = ReturnType<typeof createStore>
