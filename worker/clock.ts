/** Time, as a thing that is passed in: tests drive it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls back once, after `ms` milliseconds. Returns what cancels it. */
  after(ms: number, callback: () => void): () => void
}

/** A timer cannot wait longer than this: it would fire at once. In milliseconds. */
export const LONGEST_MS = 2_147_483_647

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}
