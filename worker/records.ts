/**
 * What the journal's records look like on disk, and how they are read back: whatever is not sound is as good as not
 * there. Anybody on the origin can write to the database, and disks fail. Pure.
 */
import type { Position } from '../src/bridge.js'
import type { Cursor } from './cursor.js'
import type { Trace } from './dedupe.js'
import type { Entry } from './entry.js'
import type { Run } from './runs.js'
import { isCount, isObject } from './shape.js'

/** The record that is written with every group. */
export interface Head {
  readonly cursor: Cursor | null
  /** The offset of the newest entry. */
  readonly last: number
  /** The newest one owns the journal: only it may write. */
  readonly runs: readonly Run[]
  /** Where the consumer groups are, by their names, the one that has moved last at the end. Absent if there are none. */
  readonly groups?: ReadonlyMap<string, Position>
}

/**
 * The entries of one transaction, stored under the offset of the first. One array a field, and not one object an
 * entry: the names of the fields would be a third of what is stored.
 */
export interface Segment {
  /** The frames as they came; null if they are not kept. */
  readonly texts: readonly string[] | null
  /** An entry's key, or all of them if there is not exactly one. */
  readonly keys: readonly (string | readonly string[])[]
  /** By the index of the entry; few have any. */
  readonly forgets: ReadonlyMap<number, readonly string[]>
  readonly at: readonly number[]
  /** A bit each: 1 for `replayed`, 2 for `notice`. */
  readonly flags: Uint8Array
  /** When they came, by this machine's clock, in milliseconds since 1970. */
  readonly received: number
}

/** An entry as it comes back: without its text if that was not kept. */
export interface StoredEntry extends Trace {
  readonly text: string | null
  readonly replayed: boolean
  readonly notice: boolean
  readonly received: number
}

const REPLAYED = 1
const NOTICE = 2

/** Arrays come back from disk with their holes, which `every` alone skips. */
const isArrayOf = (value: unknown, fits: (item: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && [...value].every(fits)

const isStrings = (value: unknown): value is readonly string[] =>
  isArrayOf(value, (item) => typeof item === 'string')

const isCursor = (value: unknown): value is Cursor =>
  isObject(value) &&
  isCount(value['seq']) &&
  isCount(value['era']) &&
  Number.isFinite(value['at']) &&
  typeof value['exact'] === 'boolean' &&
  (value['epoch'] === null || typeof value['epoch'] === 'string')

const isRun = (value: unknown): value is Run =>
  isObject(value) &&
  typeof value['instance'] === 'string' &&
  isCount(value['first']) &&
  Number.isFinite(value['at'])

const isPosition = (value: unknown): value is Position =>
  isObject(value) && typeof value['instance'] === 'string' && isCount(value['offset'])

const isGroups = (value: unknown): value is ReadonlyMap<string, Position> =>
  value instanceof Map && [...value].every(([name, at]) => typeof name === 'string' && isPosition(at))

/** Is it a head that this version can go on from? */
export const isHead = (value: unknown): value is Head =>
  isObject(value) &&
  isCount(value['last']) &&
  (value['cursor'] === null || isCursor(value['cursor'])) &&
  isArrayOf(value['runs'], isRun) &&
  (value['groups'] === undefined || isGroups(value['groups']))

/** The run that owns the journal, by its head; null if that is none. */
export const ownerOf = (head: unknown): Run | null => (isHead(head) ? (head.runs.at(-1) ?? null) : null)

/** The offset of the newest entry, by the head; 0 if that is none. */
export const lastOf = (head: unknown): number => (isHead(head) ? head.last : 0)

const isSegment = (value: unknown): value is Segment => {
  if (!isObject(value)) return false
  const { texts, keys, forgets, at, flags, received } = value
  if (!Array.isArray(keys) || !(flags instanceof Uint8Array) || !Array.isArray(at)) return false
  const lengths = new Set([
    keys.length,
    flags.length,
    at.length,
    ...(Array.isArray(texts) ? [texts.length] : []),
  ])
  return (
    lengths.size === 1 &&
    (texts === null || isStrings(texts)) &&
    isArrayOf(keys, (key) => typeof key === 'string' || isStrings(key)) &&
    isArrayOf(at, (time) => Number.isFinite(time)) &&
    forgets instanceof Map &&
    [...forgets].every(([index, forgotten]) => isCount(index) && isStrings(forgotten)) &&
    Number.isFinite(received)
  )
}

/** @param withText whether the frames themselves are kept */
export const pack = (entries: readonly Entry[], withText: boolean): Segment => ({
  texts: withText ? entries.map(({ text }) => text) : null,
  keys: entries.map(({ keys }) => (keys.length === 1 ? (keys[0] ?? []) : keys)),
  forgets: new Map(
    entries.flatMap(({ forgets }, index) => (forgets.length > 0 ? [[index, forgets] as const] : [])),
  ),
  at: entries.map(({ at }) => at),
  flags: Uint8Array.from(
    entries,
    ({ replayed, notice }) => (replayed ? REPLAYED : 0) | (notice ? NOTICE : 0),
  ),
  received: entries.at(-1)?.received ?? 0,
})

/** The same segment without its frames. */
export const withoutText = (segment: Segment): Segment => ({ ...segment, texts: null })

/** What {@link pack} has packed; null if it is anything else. */
export const unpack = (segment: unknown): readonly StoredEntry[] | null => {
  if (!isSegment(segment)) return null
  const { texts, keys, forgets, at, flags, received } = segment
  return keys.map((key, index) => ({
    text: texts?.[index] ?? null,
    keys: typeof key === 'string' ? [key] : key,
    forgets: forgets.get(index) ?? [],
    at: at[index] ?? 0,
    replayed: ((flags[index] ?? 0) & REPLAYED) !== 0,
    notice: ((flags[index] ?? 0) & NOTICE) !== 0,
    received,
  }))
}
