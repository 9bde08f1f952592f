/** What handlers were told, for the judge: types only. */
import type { Position } from '../../src/bridge.js'

/** What the handlers were told. */
export type Told = {
  /** Counts the batches. One that was full and the next are one; so are one that was not handled to its end and that. */
  readonly batch: number
} & (
  | {
      readonly index: number
      /** The tab has ended before it could keep the position: it can be told of this once more. */
      readonly isUnsure: boolean
    }
  | {
      readonly gap: boolean
      /** The hub has no cursor: what comes before its next event is not known to it. */
      readonly isFresh: boolean
      readonly cause: string | null
      /** How many events the relay had numbered by then. */
      readonly numbered: number
      /** The position that this batch was read from. */
      readonly from: Position | null
    }
)
