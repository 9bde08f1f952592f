/** One input for `decode`: what has to hold, whatever it is. */
import { camelize } from '../../src/protocol/index.js'
import { decode, MAX_FRAME_LENGTH, type Decoded, type Frame } from '../decode.js'
import { MARK, MARKED_NUMBER } from './frames.js'
import { expectPrototypesUntouched } from './prototypes.js'

/** A type of 200 characters, and three faults. */
const LONGEST_PROBLEM = 600
const YEAR_10_000 = Date.UTC(10_000, 0)

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`does not hold: ${what}`)
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isCountOrNull = (value: unknown): boolean => value === null || isCount(value)
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string'
const isTimeOrNull = (value: number | null): boolean =>
  value === null || (Number.isFinite(value) && value >= 0 && value < YEAR_10_000)

const checkFrame = (frame: Frame, data: unknown): void => {
  must(isTextOrNull(frame.epoch), 'an epoch is a text')
  if (frame.kind === 'pong') {
    must(isCountOrNull(frame.sentSeq), 'a sent_seq counts')
    return must(isTimeOrNull(frame.serverTime), 'a server_time can be written in four digits of years')
  }
  if (frame.kind === 'ack') {
    must(isCount(frame.currentSeq), 'a current_seq counts')
    must(Number.isFinite(frame.replayed), 'replayed is a number')
    must(typeof frame.gapDetected === 'boolean', 'gap_detected is a boolean')
    return must(isTimeOrNull(frame.serverTime), 'a server_time can be written in four digits of years')
  }
  const { type, id, seq, createdAt, database, content, undoes, text } = frame
  must(type !== '' && type.length <= 200, 'a type is a name')
  must(!['open', 'close', 'error', 'resynced', 'pong', 'resync_ack'].includes(type), 'a type is an event’s')
  must(isCountOrNull(seq), 'an agent_seq counts')
  must(id === null || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id), 'an id is a UUID')
  must((id === null) === (content !== null), 'an event has an id, or is known by its content')
  must(undoes === null || type === 'message.reacted', 'only reactions undo')
  must(isTimeOrNull(createdAt), 'a created_at can be written in four digits of years')
  must(!database || seq === null, 'what comes from the database has no number')
  must(text === data && text.length <= MAX_FRAME_LENGTH, 'the text is what came')
  // What a tab does with it.
  const given: object = camelize(JSON.parse(text))
  must(Object.getPrototypeOf(given) === Object.prototype, 'a handler gets a plain object')
  must(!('polluted' in given), 'a handler gets an object without a foreign prototype')
}

/** A field of the object that the text is, if it is one. */
const fieldOf = (data: unknown, key: string): unknown => {
  if (typeof data !== 'string' || data.length > MAX_FRAME_LENGTH) return undefined
  try {
    const value: unknown = JSON.parse(data)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? Reflect.get(value, key) : undefined
  } catch {
    return undefined
  }
}

const checkRefusal = (problem: string, seq: number | null, data: unknown): void => {
  must(problem !== '' && problem.length <= LONGEST_PROBLEM, 'a problem is said, in short')
  // Types are names, and are quoted.
  const type = fieldOf(data, 'type')
  const unquoted = typeof type === 'string' ? problem.replaceAll(`"${type}"`, '') : problem
  must(!unquoted.includes(MARK) && !unquoted.includes(`${MARKED_NUMBER}`), 'a problem quotes no value')
  // "If it had a sound `agent_seq`, that number counts as come." (PROTOCOL.md, Bad frames)
  const sent = fieldOf(data, 'agent_seq')
  must(seq === (isCount(sent) ? sent : null), 'a sound number counts as come')
}

/**
 * Decodes it and checks what came of it.
 *
 * @throws {Error} Something does not hold.
 */
export const checkDecode = (data: unknown): Decoded => {
  const decoded = decode(data)
  if (decoded.ok) checkFrame(decoded.frame, data)
  else checkRefusal(decoded.problem, decoded.seq, data)
  expectPrototypesUntouched()
  return decoded
}
