/** Frames of the relay, for tests: written as JSON and decoded like any other. */
import { decode, type Frame } from '../decode.js'

const uuid = (name: string): string =>
  `00000000-0000-5000-8000-${[...name]
    .reduce((sum, letter) => (sum * 131 + letter.charCodeAt(0)) % 2 ** 47, 7)
    .toString(16)
    .padStart(12, '0')}`

const frame = (wire: object): Frame => {
  const decoded = decode(JSON.stringify(wire))
  if (!decoded.ok) throw new Error(decoded.problem)
  return decoded.frame
}

/** More fields of the wire. */
type More = Readonly<Record<string, unknown>>

/** A message called `name`, which is its text and makes its id. */
export const message = (name: string, more: More = {}): Frame =>
  frame({
    type: 'message.created',
    id: uuid(name),
    channel: 'general',
    message: { id: `msg_${name}`, agent_id: 'a1', agent_name: 'bob', text: name, attachments: [] },
    ...more,
  })

/** A direct message called `name`. */
export const dm = (name: string, more: More = {}): Frame =>
  frame({
    type: 'dm.received',
    id: uuid(name),
    conversation_id: 'c1',
    message: { id: `msg_${name}`, agent_id: 'a1', agent_name: 'bob', text: name },
    ...more,
  })

/** A reaction to the message called `name`. */
export const reaction = (name: string, more: More = {}): Frame =>
  frame({ type: 'message.reacted', message_id: `msg_${name}`, emoji: '👍', agent_name: 'bob', ...more })

/** An event that the contract's database does not keep. */
export const presence = (name: string, more: More = {}): Frame =>
  frame({ type: 'agent.status.active', agent: { name }, status: 'active', ...more })

/** An event of a type that this version does not know. */
export const novel = (name: string, more: More = {}): Frame => frame({ type: 'novel.thing', name, ...more })

/** The end of an answer to a resync. */
export const ack = (currentSeq: number, more: More = {}): Frame =>
  frame({
    type: 'resync_ack',
    last_seen_seq: 0,
    current_seq: currentSeq,
    replayed: 0,
    gap_detected: false,
    ...more,
  })

/** The answer to a ping. */
export const pong = (more: More = {}): Frame => frame({ type: 'pong', ...more })
