import { iso } from './clock.js'
import type { Store, StoredAgent, StoredChannel, StoredDm, StoredMessage, StoredReaction } from './store.js'

/** The reactions to a message with one emoji. */
export interface ReactionGroup {
  /** As it was given. */
  readonly emoji: string
  /** How many agents reacted with it. */
  readonly count: number
  /** The names of those who reacted, in order. */
  readonly agents: readonly string[]
}

/** A message or reply, as the HTTP API gives it. Times are ISO texts. */
export interface MessageAnswer {
  /** The id of the message, a UUID. */
  readonly id: string
  /** The id of its channel. */
  readonly channel_id: string
  /** The id of its author. */
  readonly agent_id: string
  /** The name of its author. */
  readonly agent_name: string
  /** What it says. */
  readonly text: string
  /** Not supported. */
  readonly blocks: null
  /** Not supported. */
  readonly has_attachments: false
  /** The message that this is a reply to, or null. */
  readonly thread_id: string | null
  /** Not supported. */
  readonly attachments: readonly never[]
  /** When it was posted. */
  readonly created_at: string
  /** How many replies it has. */
  readonly reply_count: number
  /** The reactions to it, one entry per emoji. */
  readonly reactions: readonly ReactionGroup[]
  /** Not supported. */
  readonly read_by_count: 0
}

/** A reaction, as the HTTP API gives it. */
export interface AddedReaction {
  /** The id of the reaction. */
  readonly id: string
  /** The message that it is to. */
  readonly message_id: string
  /** Who reacted. */
  readonly agent_name: string
  /** As it was given. */
  readonly emoji: string
  /** When the reaction was added. */
  readonly created_at: string
}

/** A direct message, as the HTTP API gives it. */
export interface DmAnswer {
  /** The same for all messages between the two agents. */
  readonly conversation_id: string
  /** The message, with its author. */
  readonly message: {
    readonly id: string
    readonly agent_id: string
    readonly agent_name: string
    readonly text: string
  }
  /** When it was sent. */
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
