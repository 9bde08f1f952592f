/**
 * The runs of the hub, and what a position means to the present one. An offset counts only with the run that gave it, as
 * with the leader epochs of a Kafka log: a run that could not write to disk gave offsets that a later run gives again.
 * Pure.
 */
import type { Batch, Position } from '../src/bridge.js'

/** A run of the hub: it gave the offsets from `first` on. */
export interface Run {
  readonly instance: string
  readonly first: number
  /** When it began, by this machine's clock, in milliseconds since 1970. */
  readonly at: number
}

/** How many runs are remembered: a tab from before that is told that there may be a gap. */
const MAX_RUNS = 64

/** The runs, with one more. */
export const withRun = (runs: readonly Run[], run: Run): readonly Run[] => [...runs, run].slice(-MAX_RUNS)

/** Where a position's reader goes on, and whether something before that is gone. */
export interface Located {
  /** The offset after which to read. */
  readonly start: number
  readonly gap: Batch['gap']
}

/**
 * What a run added that never got to disk is lost to whoever did not read it, and known to whoever did.
 *
 * @param last the offset of the newest entry that can be read
 */
export const locate = (runs: readonly Run[], { instance, offset }: Position, last: number): Located => {
  const index = runs.findIndex((run) => run.instance === instance)
  if (index === -1) return { start: last, gap: 'journal_lost' }
  const next = runs[index + 1]
  const end = next ? next.first - 1 : last
  if (offset > end) return { start: end, gap: 'journal_lost' }
  return { start: offset, gap: null }
}
