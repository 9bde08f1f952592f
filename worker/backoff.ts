/** When to try again, and whether. Pure. */

/** Bounds of the delay, in milliseconds. */
export interface BackoffOptions {
  readonly reconnectBaseDelayMs: number
  readonly reconnectMaxDelayMs: number
}

/** A timer cannot wait longer than this: it would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647

/**
 * The delay before attempt `attempt` (1, 2, …): doubled each time up to the longest, then spread by a factor of 0.5
 * to 1.5, so that the clients of a relay that comes back do not all come at once.
 *
 * @param random a number from 0 to below 1
 */
export const backoff = (attempt: number, options: BackoffOptions, random: number): number => {
  const { reconnectBaseDelayMs: base, reconnectMaxDelayMs: max } = options
  const delay = Math.min(base * 2 ** Math.min(attempt - 1, 32), max) * (0.5 + random)
  return Math.min(Math.round(delay), LONGEST_TIMER_MS)
}

/** What a closed socket means for the next attempt. */
export type Verdict =
  /** Try again, later. */
  | 'retry'
  /** The relay does not take this token: try again only with another. */
  | 'token_refused'

/** Decides by the close code. `PROTOCOL.md`, "Close codes". */
export const judgeClose = (code: number): Verdict => {
  switch (code) {
    case 1008: // policy violation: how the contract refuses a token (RFC 6455, 7.4.1)
    case 4401: // by the custom of 4000 + HTTP status: unauthorized
    case 4403: // forbidden
      return 'token_refused'
    default:
      // 1006 among them: a token refused at the upgrade cannot be told from a relay that is down.
      return 'retry'
  }
}
