/**
 * The order of what a resync brings. Ring replay, database replay and live events come mixed, over one socket or
 * several; out comes the order in which they happened, as far as anything tells it. Pure.
 */
import type { EventFrame } from './decode.js'

/** An event that is held until the relay has answered. */
export interface Held {
  readonly event: EventFrame
  /** It had been delivered before the resync. */
  readonly known: boolean
  /** The era of the counter that numbered it. */
  readonly era: number
  /** The resync that it came by. */
  readonly attempt: number
  /** When it was made, in milliseconds since 1970. */
  readonly at: number
}

type Place = readonly [era: number, seq: number]

const compare = (a: Place, b: Place): number => a[0] - b[0] || a[1] - b[1]

const identityOf = ({ type, id, content }: EventFrame): string =>
  id === null ? `=${content}` : `${type}:${id}`

/** The database has three tables, each replayed oldest first, one after the other or merged. */
const tableOf = ({ event, attempt }: Held): string => {
  const table =
    event.type === 'message.reacted' ? 'reactions' : event.type.includes('dm.') ? 'dms' : 'messages'
  return `${attempt} ${table}`
}

/**
 * Leaves out database rows that are older than the oldest one we know: they were delivered and are forgotten by
 * now, or are from before our time. Only ids can tell; a reaction may be made again.
 */
export const withoutForgotten = (held: readonly Held[]): Held[] => {
  const tablesWithKnown = new Set(held.filter(isKnownRow).map(tableOf))
  const reached = new Set<string>()
  return held.filter((item) => {
    const table = tableOf(item)
    if (isKnownRow(item)) reached.add(table)
    const isRow = item.event.database && item.event.id !== null
    return !isRow || !tablesWithKnown.has(table) || reached.has(table)
  })
}

const isKnownRow = ({ event, known }: Held): boolean => known && event.database && event.id !== null

/**
 * Sorts by era and `agent_seq`. A row of the database has no number: it goes after the nearest earlier row of its
 * table that is among the numbered ones too, or else before all of them.
 */
export const inOrder = (held: readonly Held[]): Held[] => {
  const numbered = new Map<string, Place>()
  for (const { event, era } of held) if (event.seq !== null) numbered.set(identityOf(event), [era, event.seq])
  const reached = new Map<string, Place>()
  const placed = held.map((item, index) => {
    const { event, era } = item
    if (event.seq !== null) return { item, place: [era, event.seq] as Place, row: 0, index }
    if (!event.database) return { item, place: [era, Number.POSITIVE_INFINITY] as Place, row: 0, index }
    const table = tableOf(item)
    const before = reached.get(table) ?? [era, -1]
    const twin = numbered.get(identityOf(event)) ?? before
    const place = compare(twin, before) > 0 ? twin : before
    reached.set(table, place)
    return { item, place, row: 1, index }
  })
  return placed
    .toSorted((a, b) => compare(a.place, b.place) || a.row - b.row || a.index - b.index)
    .map(({ item }) => item)
}
