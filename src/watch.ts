/**
 * Looks after a worker that has answered once. Its lock tells of its end, but of two things nothing tells: that it hangs,
 * and that the browser has put another in its place behind the same port (WebKit does, when one of two tabs closes).
 */
import { within } from './deadline.js'

/** How often the worker is asked, in milliseconds. */
const PROBE_EVERY_MS = 5_000
/** How long it may take to answer, in milliseconds. */
const PROBE_DEADLINE_MS = 5_000
/** A page that was frozen finds its own deadline past before it has looked at the answer. So once is not enough. */
const MISSES = 2

/** What is watched, and who is told. Only one of the two is called, once. */
export interface Watched {
  /** Asks the worker which run of the hub this tab is attached to. */
  readonly probe: () => Promise<string | null>
  /** The run that this tab knows that it is attached to; null if it is not yet. */
  readonly instance: () => string | null
  readonly hung: () => void
  readonly replaced: () => void
}

/** Watches until what it returns is called. */
export const watch = ({ probe, instance, hung, replaced }: Watched): (() => void) => {
  let misses = 0
  let timer: ReturnType<typeof setTimeout>
  let isOver = false
  const look = async (): Promise<void> => {
    const known = instance()
    const answer = await within(probe(), PROBE_DEADLINE_MS).catch(() => undefined)
    if (isOver) return
    if (answer !== undefined && known !== null && answer !== known) return replaced()
    misses = answer === undefined ? misses + 1 : 0
    if (misses === MISSES) return hung()
    timer = setTimeout(look, misses > 0 ? 0 : PROBE_EVERY_MS)
  }
  timer = setTimeout(look, PROBE_EVERY_MS)
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}
