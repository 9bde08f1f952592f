/** Whether a person would say that the page is offline. Pure. */
import type { RelayStatus } from 'tabmux'

/** What is known beside the state of the connection. */
export interface Surroundings {
  /** What the browser says. It is wrong in both directions, so a connection that works outweighs it. */
  readonly browserIsOnline: boolean
  /** Whether the page's own server answered when the page was loaded, or the relay has been reached since. */
  readonly wasReached: boolean
}

/** From this attempt on a connection that was lost is not just being mended: the first attempt has failed. */
const LASTING = 2

/** A connection that was lost a moment ago is not called offline yet, and one that was given up is something else. */
export const isOffline = (
  { state, attempt }: Pick<RelayStatus, 'state' | 'attempt'>,
  { browserIsOnline, wasReached }: Surroundings,
): boolean => {
  if (state === 'connected' || state === 'disconnected' || state === 'closed') return false
  return !browserIsOnline || !wasReached || attempt >= LASTING
}
