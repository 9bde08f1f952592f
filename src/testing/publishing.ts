import {
  addedReaction,
  dmAnswer,
  messageAnswer,
  type AddedReaction,
  type DmAnswer,
  type MessageAnswer,
} from './answers.js'
import type { Core } from './core.js'
import { RelayError, describe } from './errors.js'
import { dmEvent, messageEvent, reactionEvent } from './events.js'

/** An event for `emit`: any fields but `agent_seq`, which the relay gives. */
export interface EmittedEvent {
  /** Any name; it need not be one of the contract. */
  readonly type: string
  /** The relay gives it. */
  readonly agent_seq?: never
  readonly [field: string]: unknown
}

/** How a test makes events. Unknown agents, channels and messages throw a RelayError `not_found`. */
export interface RelayPublishing {
  /**
   * Sends an event of any type to one agent and gives its `agent_seq`. It is in the ring and not in the
   * database. Fields of the event win over `epoch` and `created_at` of the relay.
   *
   * @throws RelayError `invalid_request` if the event has an `agent_seq`.
   */
  emit(agent: string, event: EmittedEvent): number
  /** Posts a message to a channel, as `POST /v1/channels/:name/messages` does. */
  post(message: { readonly from: string; readonly channel: string; readonly text: string }): MessageAnswer
  /** Replies to a message, as `POST /v1/messages/:id/replies` does. */
  reply(reply: { readonly from: string; readonly to: string; readonly text: string }): MessageAnswer
  /**
   * Reacts to a message, as `POST /v1/messages/:id/reactions` does. The same reaction a second time gives
   * the first one, and no event.
   */
  react(reaction: { readonly from: string; readonly to: string; readonly emoji: string }): AddedReaction
  /** Sends a direct message, as `POST /v1/dm` does. Only the addressee gets an event. */
  dm(message: { readonly from: string; readonly to: string; readonly text: string }): DmAnswer
}

/** Makes the calls that store something and tell the agents of it. */
export const createPublishing = ({ agents, store, clock }: Core): RelayPublishing => {
  /** Every agent is a member of every channel, so each gets the event, its author included. */
  const publishToAll = (event: { readonly type: string }, createdAt: number): void => {
    for (const { feed } of agents.chosen(undefined)) feed.publish(event, createdAt)
  }
  const addMessage = (row: Parameters<typeof store.addMessage>[0]): MessageAnswer => {
    const message = store.addMessage(row)
    publishToAll(messageEvent(message), message.created_at)
    return messageAnswer(store, message)
  }

  return {
    emit: (name, event) => {
      if (Object.hasOwn(event, 'agent_seq')) {
        throw new RelayError('invalid_request', `agent_seq: expected none, got ${describe(event.agent_seq)}`)
      }
      return agents.named(name).feed.publish(event)
    },
    post: ({ from, channel, text }) => {
      const { id: agent_id } = agents.named(from)
      const { id: channel_id } = store.channel(channel)
      return addMessage({ channel_id, agent_id, parent_id: null, text, created_at: clock.now() })
    },
    reply: ({ from, to, text }) => {
      const { id: agent_id } = agents.named(from)
      const { id, parent_id, channel_id } = store.message(to)
      // Threads have one level: a reply to a reply belongs to the same thread.
      return addMessage({ channel_id, agent_id, parent_id: parent_id ?? id, text, created_at: clock.now() })
    },
    react: ({ from, to, emoji }) => {
      const { id: agentId } = agents.named(from)
      const { id } = store.message(to)
      const { reaction, isNew } = store.addReaction(id, agentId, emoji, clock.now())
      if (isNew) publishToAll(reactionEvent(reaction), reaction.created_at)
      return addedReaction(reaction)
    },
    dm: ({ from, to, text }) => {
      const sender = agents.named(from)
      const receiver = agents.named(to)
      const dm = store.addDm({
        // The same conversation whoever of the two writes.
        conversation_id: `conversation_${[sender.id, receiver.id].toSorted().join('_')}`,
        agent_id: sender.id,
        receiver_id: receiver.id,
        text,
        created_at: clock.now(),
      })
      receiver.feed.publish(dmEvent(dm), dm.created_at)
      return dmAnswer(dm)
    },
  }
}
