import type { ServerEvent } from '../protocol/index.js'
import { eventIdOf } from './event-id.js'
import type { StoredDm, StoredMessage, StoredReaction } from './store.js'

/** The event of a stored message: `message.created`, or `thread.reply` for a reply. */
export const messageEvent = (row: StoredMessage): ServerEvent => {
  const { id, agent_id, agent_name, text, channel, parent_id } = row
  const message = { id, agent_id, agent_name, text }
  return parent_id === null
    ? { type: 'message.created', id: eventIdOf(id), channel, message: { ...message, attachments: [] } }
    : { type: 'thread.reply', id: eventIdOf(id), channel, parent_id, message }
}

/** The event of a stored direct message. */
export const dmEvent = ({ id, agent_id, agent_name, text, conversation_id }: StoredDm): ServerEvent => ({
  type: 'dm.received',
  id: eventIdOf(id),
  conversation_id,
  message: { id, agent_id, agent_name, text },
})

/** The event of a stored reaction. It has no id. `PROTOCOL.md`, "Every event". */
export const reactionEvent = ({ message_id, emoji, agent_name }: StoredReaction): ServerEvent => ({
  type: 'message.reacted',
  message_id,
  emoji,
  agent_name,
  action: 'added',
})
