/** What the page and the worker that counts what it writes say to each other. */

/** What a worker has written since it started. */
export interface Written {
  readonly transactions: number
  /** The most transactions that were under way at one time. */
  readonly mostInFlight: number
  /** About what the values take on disk. */
  readonly bytes: number
}

/** The name of the channel over which a page asks for it. */
export const COUNTING_CHANNEL = 'bench:written'
