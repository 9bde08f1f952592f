/** Knows what the relay numbered, and says what each tab was owed and did not get. */
import type { SimulatedTab } from './tab.js'

/** What is wrong with a run. */
export interface Fault {
  readonly kind: 'twice' | 'out of order' | 'lost' | 'gap without need'
  readonly tab: number
  readonly index: number
}

/** Causes that are certain: the tab is told of them only where something was really lost or may have been. */
const EXPLAINED = new Set(['ring_exceeded', 'counter_reset', 'no_cursor', 'no_ack', 'journal_lost', 'hole'])

/**
 * Judges one tab.
 *
 * - *twice*: a handler got an event a second time, and `journal_lost` was not told in between: what a worker that
 *   could not write to disk has delivered is not known to the next one.
 * - *lost*: an event between the first and the last that the tab got is missing, and no gap is told after its place.
 * - *out of order*: an event came after a later one, and no gap is told between its place and where it came.
 *
 * @param total how many events the relay has numbered; all have had the time to arrive
 * @param diskHasFailed only then can the journal have lost anything
 */
export const judge = (
  { told, since }: SimulatedTab,
  tab: number,
  total: number,
  diskHasFailed: boolean,
): Fault[] => {
  const faults: Fault[] = []
  const placeOf = new Map<number, number>()
  const gaps: number[] = []
  let lostAt = -1
  told.forEach((item, place) => {
    if ('gap' in item) {
      if (item.gap) gaps.push(place)
      const isExplained = EXPLAINED.has(item.cause ?? '') && (item.cause !== 'journal_lost' || diskHasFailed)
      if (item.gap && !isExplained) faults.push({ kind: 'gap without need', tab, index: place })
      if (item.cause === 'journal_lost') lostAt = place
      return
    }
    const earlier = placeOf.get(item.index)
    if (earlier !== undefined && earlier > lostAt) faults.push({ kind: 'twice', tab, index: item.index })
    if (earlier === undefined) placeOf.set(item.index, place)
  })
  const isTold = (from: number, to: number): boolean => gaps.some((place) => place > from && place <= to)
  /** The place of the newest earlier event that the tab has got. */
  let before = -1
  for (let index = Math.max(since, Math.min(...placeOf.keys())); index < total; index++) {
    const place = placeOf.get(index)
    if (place === undefined) {
      if (!isTold(before, told.length)) faults.push({ kind: 'lost', tab, index })
    } else if (place < before) {
      if (!isTold(place, told.length)) faults.push({ kind: 'out of order', tab, index })
    } else before = place
  }
  return faults
}
