/** The resume cursor: how far an agent's events are in the journal. Pure. */

/** Where to resume: everything up to here is in the journal, or was told to be missing. Stored with the entries. */
export interface Cursor {
  /** The highest `agent_seq` received, or announced as sent by a relay that says so. */
  readonly seq: number
  readonly epoch: string | null
  /** Counts the relay's counters: an `agent_seq` says something only within its era. */
  readonly era: number
  /** When the event at the cursor was made, in milliseconds since 1970. */
  readonly at: number
  /** `at` is the relay's own time, and not this machine's. */
  readonly exact: boolean
}

/** Before anything: what stands in for a cursor where there is none. */
export const START: Cursor = { seq: 0, epoch: null, era: 0, at: 0, exact: false }

/** `since` is cut down to whole seconds by the relay, and rows of the same moment may be numbered in any order. */
const EXACT_MARGIN_MS = 2_000
/** What a wider question counts as the margin at the least, in milliseconds. */
const LEAST_WIDE_MARGIN_MS = 60_000
/** A database replay brings 1,000 rows of a kind, oldest first: what is known already must leave room for the rest. */
export const MAX_REPEATED = 500

/**
 * From when on the database is to replay, in milliseconds since 1970: safely before the cursor in the relay's time,
 * yet not so early that the replay is used up by what is known.
 *
 * @param margin how far before the cursor, if the relay gives no times
 * @param notBefore the time of the event `MAX_REPEATED` before the newest, or null if there are fewer
 * @param widenings how many times it was asked in vain: each time it goes 60 times as far back
 */
export const sinceOf = (
  { at, exact }: Cursor,
  margin: number,
  notBefore: number | null,
  widenings: number,
): number => {
  if (widenings > 0) return Math.max(0, at - Math.max(margin, LEAST_WIDE_MARGIN_MS) * 60 ** widenings)
  const wanted = at - (exact ? EXACT_MARGIN_MS : margin)
  return Math.max(0, Math.min(at - EXACT_MARGIN_MS, Math.max(wanted, notBefore ?? wanted)))
}
