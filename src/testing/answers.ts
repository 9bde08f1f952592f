import { iso } from './clock.js'
import type { Store, StoredAgent, StoredChannel, StoredDm, StoredMessage, StoredReaction } from './store.js'

/** The reactions to a message with one emoji. */
export interface ReactionGroup {
  readonly emoji: string
  readonly count: number
  /** The names of those who reacted, in order. */
  readonly agents: readonly string[]
}

/** A message or reply, as the HTTP API gives it. Times are ISO texts. */
export interface MessageAnswer {
  readonly id: string
  readonly channel_id: string
  readonly agent_id: string
  readonly agent_name: string
  readonly text: string
  readonly blocks: null
  readonly has_attachments: false
  /** The message that this is a reply to, or null. */
  readonly thread_id: string | null
  readonly attachments: readonly never[]
  readonly created_at: string
  readonly reply_count: number
  readonly reactions: readonly ReactionGroup[]
  readonly read_by_count: 0
}

/** A reaction, as the HTTP API gives it. */
export interface AddedReaction {
  readonly id: string
  readonly message_id: string
  readonly agent_name: string
  readonly emoji: string
  readonly created_at: string
}

/** A direct message, as the HTTP API gives it. */
export interface DmAnswer {
  readonly conversation_id: string
  readonly message: {
    readonly id: string
    readonly agent_id: string
    readonly agent_name: string
    readonly text: string
  }
  readonly created_at: string
}

const groups = (reactions: readonly StoredReaction[]): readonly ReactionGroup[] => {
  const byEmoji = new Map<string, string[]>()
  for (const { emoji, agent_name } of reactions)
    byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), agent_name])
  return [...byEmoji].map(([emoji, agents]) => ({ emoji, count: agents.length, agents }))
}

/** A stored message as an answer, with what others made of it. */
export const messageAnswer = (store: Store, row: StoredMessage): MessageAnswer => ({
  id: row.id,
  channel_id: row.channel_id,
  agent_id: row.agent_id,
  agent_name: row.agent_name,
  text: row.text,
  blocks: null,
  has_attachments: false,
  thread_id: row.parent_id,
  attachments: [],
  created_at: iso(row.created_at),
  reply_count: store.replyCount(row.id),
  reactions: groups(store.reactionsTo(row.id)),
  read_by_count: 0,
})

/** A stored reaction as an answer. */
export const addedReaction = ({ created_at, ...reaction }: StoredReaction): AddedReaction => ({
  ...reaction,
  created_at: iso(created_at),
})

/** A stored direct message as an answer. */
export const dmAnswer = ({
  id,
  agent_id,
  agent_name,
  text,
  conversation_id,
  created_at,
}: StoredDm): DmAnswer => ({
  conversation_id,
  message: { id, agent_id, agent_name, text },
  created_at: iso(created_at),
})

/** An agent as an answer: without its token. */
export const agentAnswer = ({ id, name, created_at }: StoredAgent, isOnline: boolean, now: number) => ({
  id,
  name,
  type: 'agent',
  status: isOnline ? 'online' : 'offline',
  persona: null,
  metadata: {},
  last_seen: iso(now),
  created_at: iso(created_at),
})

/** A channel as an answer. */
export const channelAnswer = ({ id, name, created_at }: StoredChannel, memberCount: number) => ({
  id,
  name,
  topic: null,
  created_by: null,
  created_at: iso(created_at),
  is_archived: false,
  member_count: memberCount,
})
