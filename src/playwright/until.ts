/** Waiting for conditions: at once where they hold already, and soon after they do. */

/** How long to wait before the next look, in milliseconds: at first this, and each time twice as long. */
const FIRST_MS = 10
/** But no longer than this, in milliseconds. */
const LONGEST_MS = 160

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What a look has found, and whether it is worth another one. */
export interface Found<T> {
  readonly done: boolean
  readonly value: T
}

/**
 * Looks again and again. Gives what the last look has found, whether it was what was waited for or the time was up.
 * A look that does not end in time is not waited for; the one before it counts.
 *
 * @param timeout in milliseconds; 0 is for ever
 */
export const until = async <T>(timeout: number, look: () => Promise<Found<T>>): Promise<Found<T> | null> => {
  const end = timeout === 0 ? Number.POSITIVE_INFINITY : performance.now() + timeout
  let found: Found<T> | null = null
  for (let round = 0; ; round++) {
    const left = end - performance.now()
    // Whatever is there at once is looked at, also when the time is up.
    const seen = await within(look(), Math.max(left, 50))
    found = seen ?? found
    if (!seen || seen.done) return found
    if (performance.now() >= end) return found
    await sleep(Math.min(FIRST_MS * 2 ** round, LONGEST_MS))
  }
}

/** The answer, or null if there is none in time. */
export const within = async <T>(call: Promise<T>, ms: number): Promise<T | null> => {
  if (ms === Number.POSITIVE_INFINITY) return call
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)))
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}
