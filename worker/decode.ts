/**
 * Text from the socket → a frame, or why it is none. The only place where what the relay says is checked: past
 * here it is trusted. Pure.
 */
import { frameShapes, localTypes } from '../src/protocol/shapes.js'
import { checkerOf, type Check } from './shape.js'

/** Longer frames are refused before they are parsed. In UTF-16 units. */
export const MAX_FRAME_LENGTH = 1_048_576

/** Types are names, and are quoted in errors. In UTF-16 units. */
const MAX_TYPE_LENGTH = 200

/** An event of the agent: one that this version of the contract knows, or a later one. */
export interface EventFrame {
  readonly kind: 'event'
  readonly type: string
  readonly id: string | null
  readonly seq: number | null
  readonly epoch: string | null
  /** When the relay made it, in milliseconds since 1970. */
  readonly createdAt: number | null
  /** It was replayed from the relay's database, so it has no `agent_seq`. */
  readonly database: boolean
  /** A hash of what it says: the identity of an event without an id, together with its number if it has one. */
  readonly content: string | null
  /** The `content` of the event that this one undoes: after it, the same event is a new one. */
  readonly undoes: string | null
  readonly text: string
}

/** The end of the relay's answer to a `resync`. */
export interface AckFrame {
  readonly kind: 'ack'
  readonly currentSeq: number
  readonly replayed: number
  readonly gapDetected: boolean
  readonly epoch: string | null
  readonly serverTime: number | null
}

/** The answer to a `ping`. */
export interface PongFrame {
  readonly kind: 'pong'
  readonly sentSeq: number | null
  readonly epoch: string | null
  readonly serverTime: number | null
}

/** What the relay said. */
export type Frame = EventFrame | AckFrame | PongFrame

/** A frame, or what was expected and what came, with the `agent_seq` that the refused frame had, if it was sound. */
export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly problem: string; readonly seq: number | null }

const checks = new Map<string, Check>(
  Object.entries(frameShapes).map(([type, shape]) => [type, checkerOf(shape)]),
)
const local = new Set(localTypes)

/** Only these carry an event id. What others call "id" is the id of something else, and may recur. */
const typesWithId = new Set(['message.created', 'thread.reply', 'dm.received', 'group_dm.received'])

const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** The end of the year 9999: a time past it has no place in a `since`, nor, a little later, in a `Date`. */
const LAST_TIME = 253_402_300_799_999

const time = (value: unknown): number | null => {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return parsed >= 0 && parsed <= LAST_TIME ? parsed : null
}

/**
 * 53 bits of hash: keys are stored with each entry, so they are short. Not for secrets.
 * The mixing steps are those of MurmurHash3's finalizer, on two lanes.
 */
const hash = (input: string): string => {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < input.length; index++) {
    const unit = input.charCodeAt(index)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return (2 ** 32 * (low & 0x1fffff) + (high >>> 0)).toString(36)
}

/** A reaction's identity: the database's copy may lack what the live one has. No action means that it was added. */
const reaction = (frame: Record<string, unknown>, action: unknown): string =>
  hash(JSON.stringify([frame['message_id'], frame['emoji'], frame['agent_name'], action]))

/** What an event says, whatever way it came. */
const contentOf = (frame: Record<string, unknown>): string => {
  const { agent_seq: _seq, replayed: _replayed, epoch: _epoch, created_at: _time, ...said } = frame
  return hash(JSON.stringify(Object.entries(said).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

/** Only events without an id need another identity. */
const identify = (frame: Record<string, unknown>, type: string, id: string | null) => {
  if (id !== null) return { content: null, undoes: null }
  if (type !== 'message.reacted') return { content: contentOf(frame), undoes: null }
  const action = frame['action'] ?? 'added'
  return {
    content: reaction(frame, action),
    undoes: reaction(frame, action === 'added' ? 'removed' : 'added'),
  }
}

const refuse = (problem: string, seq: unknown = null): Decoded => ({
  ok: false,
  problem,
  seq: isSeq(seq) ? seq : null,
})

/** Decodes one message of the socket. Never throws. */
export const decode = (data: unknown, maxLength = MAX_FRAME_LENGTH): Decoded => {
  if (typeof data !== 'string') return refuse('expected a text frame, got a binary one')
  if (data.length > maxLength)
    return refuse(`expected a frame of at most ${maxLength} characters, got ${data.length}`)
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return refuse(`expected JSON, got ${data.length} characters that are not`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuse(
      `expected a JSON object, got ${Array.isArray(json) ? 'an array' : json === null ? 'null' : `a ${typeof json}`}`,
    )
  }
  const frame = json as Record<string, unknown> // an object that is no array: its keys are strings
  try {
    return check(frame, data)
  } catch {
    // Frames that are nested some thousand levels deep exhaust the stack, here as in the tabs; so do 100,000 faults.
    return refuse('expected a frame of reasonable depth, got one that cannot be read', frame['agent_seq'])
  }
}

/** May throw, for lack of stack. */
const check = (frame: Record<string, unknown>, data: string): Decoded => {
  const { type, agent_seq: seq = null } = frame
  if (typeof type !== 'string' || type === '') return refuse('expected a frame with a "type", got none', seq)
  if (type.length > MAX_TYPE_LENGTH) {
    return refuse(`expected a "type" of at most ${MAX_TYPE_LENGTH} characters, got ${type.length}`, seq)
  }
  if (local.has(type)) return refuse(`type "${type}" is the client's own and not the relay's to send`, seq)
  if (seq !== null && !isSeq(seq))
    return refuse(`expected an "agent_seq" that counts, got one that does not, in "${type}"`)
  const problem = checks.get(type)?.(frame)
  if (problem) return refuse(`frame of type "${type}" does not fit its schema: ${problem.slice(1)}`, seq)
  const epoch = text(frame['epoch'])
  if (type === 'pong') {
    const sentSeq = frame['sent_seq']
    return {
      ok: true,
      frame: {
        kind: 'pong',
        sentSeq: isSeq(sentSeq) ? sentSeq : null,
        epoch,
        serverTime: time(frame['server_time']),
      },
    }
  }
  if (type === 'resync_ack') {
    return {
      ok: true,
      frame: {
        kind: 'ack',
        // The check has said that these are numbers and a boolean.
        currentSeq: frame['current_seq'] as number,
        replayed: frame['replayed'] as number,
        gapDetected: frame['gap_detected'] as boolean,
        epoch,
        serverTime: time(frame['server_time']),
      },
    }
  }
  const id = typesWithId.has(type) ? text(frame['id']) : null
  return {
    ok: true,
    frame: {
      kind: 'event',
      type,
      id,
      seq,
      epoch,
      createdAt: time(frame['created_at']),
      database: frame['replayed'] === true && seq === null,
      ...identify(frame, type, id),
      text: data,
    },
  }
}
