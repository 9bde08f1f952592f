/** Knows what the relay numbered and what else has happened, and says what each tab was owed and did not get. */
import type { GapCause } from '../../src/protocol/index.js'
import type { Numbered } from './relay.js'
import type { SimulatedTab } from './tab.js'
import type { Told } from './told.js'
import type { Span, Witness } from './witness.js'

/** What is wrong with a run. */
export interface Fault {
  readonly kind:
    | 'twice'
    | 'out of order'
    | 'lost'
    | 'gap without need'
    | 'refused, and told'
    | 'asked for too much'
    | 'other channels'
    | 'the hub fails'
  /** -1 if it is none tab's. */
  readonly tab: number | 'group'
  /** The event; of a gap, the place among what the tab was told. */
  readonly index: number
  readonly cause?: string | null
}

/** What there is to judge by. */
export interface Evidence {
  readonly all: readonly Numbered[]
  readonly happenings: Witness['happenings']
  /** See `Witness`. */
  readonly unasked: readonly Span[]
  /** When the disk was done something to, in milliseconds since 1970. */
  readonly troubles: readonly number[]
  /** See `SimulatedRelay`. */
  readonly isDatedLater: boolean
  /** When a run of the hub began. */
  readonly startOf: (run: string) => number
}

/** A tab, or the group. */
type Judged = Pick<SimulatedTab, 'told' | 'since' | 'isClosed'>

type ToldGap = Extract<Told, { cause: unknown }>

/** As many entries as the journal keeps, and the dedupe remembers. */
const KEPT = 2_048

/**
 * Judges one tab; or the group, which is owed the same as a tab that is always there.
 *
 * - *twice*: a handler got an event a second time. Not if `journal_lost` was told in between: what a worker that
 *   could not write to disk has delivered is not known to the next one. Nor if the tab ended in the middle of the batch
 *   that brought it first. Nor a reaction that comes again after more events than are remembered, and any
 *   row of the database where the relay's clock was set back, or is ahead and it does not say so: what is long forgotten
 *   is then dated later, and can use up the rows of its type before any that is known.
 * - *lost*: an event that the tab was owed is missing, and no gap is told with the first one that comes after it.
 *   What is lost on the way between the word of a gap and the first event of a hub without a cursor counts as told:
 *   there is no number yet to miss it by.
 * - *out of order*: an event came after a later one, and no gap is told with that one or from there on, at the latest
 *   with the event itself.
 * - *gap without need*: a gap is told, and nothing has happened that explains it.
 */
export const judge = (tab: Judged, number: Fault['tab'], evidence: Evidence): Fault[] => {
  const told = tab.isClosed ? withoutCut(tab.told) : tab.told
  const faults: Fault[] = []
  const found = (kind: Fault['kind'], index: number, cause?: string | null): void => {
    faults.push({ kind, tab: number, index, ...(cause !== undefined && { cause }) })
  }
  const { all } = evidence
  /** Where an event was told first, and where last. */
  const placeOf = new Map<number, number>()
  const newestOf = new Map<number, number>()
  let lostAt = -1
  const mayRepeat = ({ index }: { readonly index: number }, earlier: number, place: number): boolean => {
    const last = told[earlier]
    if (earlier <= lostAt || (last && 'isUnsure' in last && last.isUnsure)) return true
    const table = all[index]?.table ?? null
    return place - earlier > KEPT && (evidence.isDatedLater ? table !== null : table === 'reactions')
  }
  told.forEach((item, place) => {
    if ('gap' in item) {
      if (item.gap && !isExplained(told, place, item, evidence)) found('gap without need', place, item.cause)
      if (item.cause === 'journal_lost') lostAt = place
      return
    }
    if (all[item.index]?.way === 'malformed') found('refused, and told', item.index)
    const earlier = newestOf.get(item.index)
    newestOf.set(item.index, place)
    if (earlier === undefined) {
      placeOf.set(item.index, place)
      return
    }
    if (!mayRepeat(item, earlier, place)) found('twice', item.index)
    // What a tab has ended in the middle of, and is told again, it is told in its place then.
    const last = told[earlier]
    if (last && 'isUnsure' in last && last.isUnsure) placeOf.set(item.index, place)
  })
  /** Is a gap told after place `from` and at the latest in the batch of place `to`? */
  const isTold = (from: number, to: number, index: number): boolean => {
    const last = told[to]?.batch ?? Number.POSITIVE_INFINITY
    const isLostOnTheWay = all[index]?.way !== 'sent'
    for (let place = from + 1; place < told.length; place++) {
      const item = told[place]
      if (!item || item.batch > last) return false
      if ('gap' in item && item.gap && (item.numbered > index || (item.isFresh && isLostOnTheWay)))
        return true
    }
    return false
  }
  /**
   * What comes late may come after the word of a gap that something else that is missing was a part of. What was told
   * once more counts in its place then, so that word of a gap before the first time counts for it too.
   */
  const lastBefore = (place: number): number =>
    told.findLastIndex(
      (item, at) => at < place && 'index' in item && placeOf.get(item.index) === at && !isLate(item.index),
    )
  const isLate = (index: number): boolean => ['late', 'numbered'].includes(all[index]?.way ?? '')
  const indexes = [...placeOf.keys()]
  const first = tab.since ?? indexes[0] ?? all.length
  // What a tab has not got before it was closed, it has not missed.
  const end = tab.isClosed ? Math.max(...indexes) + 1 : all.length
  /** Where the first of all later events came. */
  let overtaken = told.length
  for (let index = end - 1; index >= 0; index--) {
    const place = placeOf.get(index)
    if (place !== undefined) {
      // What comes late from before this tab's time was told of before that too.
      const isOwed = index >= (tab.since ?? 0) || !isLate(index)
      if (isOwed && place > overtaken && !isTold(lastBefore(overtaken), place, index))
        found('out of order', index)
      overtaken = Math.min(overtaken, place)
    } else if (index >= first && all[index]?.way !== 'malformed') {
      if (!isTold(lastBefore(overtaken), overtaken, index)) found('lost', index)
    }
  }
  return faults
}

/** Without the batch that a tab has ended in: word of a gap may have been in the rest of it. */
const withoutCut = (told: readonly Told[]): readonly Told[] =>
  told.slice(0, told.findLastIndex((item) => !('isUnsure' in item && item.isUnsure)) + 1)

/** Has something happened that explains this gap, and that the tab has not gone past long ago? */
const isExplained = (told: readonly Told[], place: number, gap: ToldGap, evidence: Evidence): boolean => {
  const { all, happenings, unasked, troubles, startOf } = evidence
  const { cause, from, numbered, batch } = gap
  /** The newest event that the tab had kept before this batch. */
  let newest = -1
  const now = new Set<number>()
  told.forEach((item, at) => {
    if (!('index' in item)) return
    if (item.batch === batch) now.add(item.index)
    else if (at < place && !item.isUnsure) newest = Math.max(newest, item.index)
  })
  const wasTroubled = troubles.some((at) => at >= startOf(from?.instance ?? ''))
  // A hub that has forgotten what it knew comes upon the same things again.
  const after = troubles.length > 0 ? -1 : newest
  const happened = (wanted: GapCause): boolean =>
    happenings.some((each) => each.cause === wanted && each.index > after && each.index <= numbered)
  switch (cause) {
    case 'journal_lost':
      return wasTroubled
    case 'journal_exceeded':
      // Its entries are the events and, now and then, the end of a resync.
      return wasTroubled || numbered - newest > KEPT - 100
    case 'hole': {
      const isUnasked = (index: number): boolean =>
        unasked.some((span) => span.first <= index && index < span.end)
      const mayBeHole = ({ index, way }: Numbered): boolean =>
        (['gone', 'late', 'numbered'].includes(way) || (way === 'lost' && isUnasked(index))) &&
        index < numbered &&
        (index > after || now.has(index))
      return all.some(mayBeHole)
    }
    case 'counter_reset': {
      // Without an epoch only the next answer shows it, and what was not waited for any longer has been told by then.
      const isShownLate = (each: { readonly index: number }): boolean =>
        unasked.some(({ first, end }) => each.index <= end && first <= after + 1 && after <= end)
      return (
        happened(cause) ||
        happenings.some((each) => each.cause === cause && each.index <= numbered && isShownLate(each))
      )
    }
    case 'no_ack':
    case 'no_cursor':
    case 'ring_exceeded':
      return happened(cause)
    default:
      return false
  }
}
