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

/** Was it numbered, by the ring or live? */
export const isNumbered = ({ event }: Held): boolean => event.seq !== null

/** What is held while a resync is out, each event once: of several copies the newest, when more is known of it. */
export class Holding {
  readonly #items = new Map<string, Held>()
  #unnamed = 0
  /** The tables of a resync that had a row which an earlier one has brought too. */
  readonly #broughtAgain = new Set<string>()

  get size(): number {
    return this.#items.size
  }

  add(item: Held): void {
    const { event } = item
    // An event that has neither number nor id, and is no row of the database, cannot be told from another.
    const name =
      event.seq === null && !event.database && event.id === null ? `${this.#unnamed++}` : identityOf(event)
    const key = `${event.seq} ${name}`
    const earlier = this.#items.get(key)
    if (event.database && earlier && earlier.attempt !== item.attempt) this.#broughtAgain.add(tableOf(item))
    this.#items.delete(key)
    this.#items.set(key, item)
  }

  /**
   * What can be of the new counter gets its era: what has its epoch, or, where none is told, what came by resync
   * `attempt` and is not above its count.
   */
  renumber(attempt: number, currentSeq: number, newEpoch: string | null, era: number): void {
    for (const [key, item] of this.#items) {
      const { seq, epoch } = item.event
      const isNew =
        epoch !== null && newEpoch !== null
          ? epoch === newEpoch
          : item.attempt === attempt && (seq === null || seq <= currentSeq)
      if (isNew) this.#items.set(key, { ...item, era })
    }
  }

  /** The highest number of this era that came by a resync before `attempt`; 0 if none did. */
  highestBefore(attempt: number, era: number): number {
    let highest = 0
    for (const item of this.#items.values()) {
      if (item.attempt < attempt && item.era === era) highest = Math.max(highest, item.event.seq ?? 0)
    }
    return highest
  }

  /** Has the database replay of resync `attempt` begun before what was known already? */
  overlaps(attempt: number): boolean {
    for (const item of this.#items.values()) if (item.attempt === attempt && isKnownRow(item)) return true
    return false
  }

  /**
   * Leaves out the rows that resync `attempt` has brought of types that it should have brought a known row of, and has
   * not: it was used up by older ones before it came to that. Nor has it come to the ring, then, or, if that has none of
   * the type, to what an earlier resync has brought.
   */
  dropForgotten(attempt: number, shouldBeKnown: (type: string) => boolean): void {
    const items = [...this.#items.values()].filter(
      (item) => item.attempt === attempt && item.event.id !== null,
    )
    const rows = items.filter(({ event }) => event.database)
    const ids = new Set(rows.map(({ event }) => identityOf(event)))
    const isForgotten = (type: string): boolean => {
      const ring = items.filter((item) => isNumbered(item) && item.event.type === type)
      const cameToTheEnd =
        ring.length > 0
          ? ring.some(({ event }) => ids.has(identityOf(event)))
          : this.#broughtAgain.has(`${attempt} ${type}`)
      const isKnownIn = rows.some(({ event, known }) => known && event.type === type)
      return !cameToTheEnd && !isKnownIn && shouldBeKnown(type)
    }
    const forgotten = new Set([...new Set(rows.map(({ event }) => event.type))].filter(isForgotten))
    for (const [key, item] of this.#items)
      if (item.attempt === attempt && isRow(item) && forgotten.has(item.event.type)) this.#items.delete(key)
  }

  /** All that is held and can be new, in the order of arrival; nothing is held any more. */
  take(): Held[] {
    const items = withoutForgotten([...this.#items.values()])
    this.#items.clear()
    this.#broughtAgain.clear()
    return items
  }
}

/** Rows of one type come oldest first; of the types nothing says whether they come merged or one after the other. */
const tableOf = ({ event, attempt }: Held): string => `${attempt} ${event.type}`

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
    return !isRow(item) || !tablesWithKnown.has(table) || reached.has(table)
  })
}

/** Is it a row of the database that can be known by its id? */
const isRow = ({ event }: Held): boolean => event.database && event.id !== null

const isKnownRow = (item: Held): boolean => item.known && isRow(item)

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
