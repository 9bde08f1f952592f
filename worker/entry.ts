/** What an event becomes in the journal, and by what it is known when it comes again. Pure. */
import type { GapCause, ResyncedWire } from '../src/protocol/index.js'
import type { EventFrame } from './decode.js'
import type { Dedupe, Trace } from './dedupe.js'

/** An entry on its way into the journal. */
export interface NewEntry extends Trace {
  /** The frame as it came. */
  readonly text: string
  readonly replayed: boolean
  /** It is the client's own word and no event of the agent. */
  readonly notice: boolean
}

/** An entry that has its place. */
export interface Entry extends NewEntry {
  readonly offset: number
  /** When it came, by this machine's clock, in milliseconds since 1970. */
  readonly received: number
}

/** The content is part of it: after a reset that nothing else shows, the same number is another event. */
const seqKey = (era: number, seq: number, content: string | null): string => `#${era}:${seq}:${content}`

/**
 * By id; else by number within its era, and reactions by content too (`=`), since a database replay brings them
 * without a number. What the database brought so (`~`) is the same event as one with a number that comes after it.
 */
const keysOf = ({ type, id, seq, content, undoes, database }: EventFrame, era: number): string[] => {
  if (id !== null) return [`${type}:${id}`]
  return [
    ...(seq === null ? [] : [seqKey(era, seq, content)]),
    ...(undoes !== null || database ? [`=${content}`] : []),
    ...(database ? [`~${content}`] : []),
  ]
}

/** Has this event, of a counter's `era`, been seen? */
export const isKnown = (seen: Dedupe, { type, id, seq, content }: EventFrame, era: number): boolean => {
  if (id !== null) return seen.has(`${type}:${id}`)
  if (seq !== null) return seen.has(seqKey(era, seq, content)) || seen.has(`~${content}`)
  return seen.has(`=${content}`)
}

/** @param at when it was made, in milliseconds since 1970 */
export const eventEntry = (event: EventFrame, era: number, at: number, replayed: boolean): NewEntry => {
  const { text, undoes } = event
  const forgets = undoes === null ? [] : [`=${undoes}`, `~${undoes}`]
  return { text, replayed, notice: false, keys: keysOf(event, era), forgets, at }
}

/** The same, where the number may be one of the next era already, as nobody has told yet. */
export const withNextEra = (entry: NewEntry, { id, seq, content }: EventFrame, era: number): NewEntry =>
  id !== null || seq === null ? entry : { ...entry, keys: [...entry.keys, seqKey(era + 1, seq, content)] }

/** The end of a resync, in its place among the events. */
export const resyncedEntry = (replayed: number, cause: GapCause | null, at: number): NewEntry => {
  const wire: ResyncedWire = {
    type: 'resynced',
    replayed,
    gap_detected: cause !== null,
    source: 'relay',
    ...(cause && { cause }),
  }
  return { text: JSON.stringify(wire), replayed: false, notice: true, keys: [], forgets: [], at }
}
