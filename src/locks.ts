/**
 * Life and death, told by Web Locks: a lock is free again when its holder has ended, however it ended. No other
 * sign is reliable: a MessagePort has no close event, and a crash runs no code.
 */

/** Takes a lock and keeps it. Resolves once it is held, with what lets go of it. */
export const hold = (name: string): Promise<() => void> =>
  new Promise((resolve, reject) => {
    navigator.locks
      .request(name, () => new Promise<void>((release) => resolve(() => release())))
      .catch(reject)
  })

/** Calls back when the holder of a lock has ended. Returns what ends the wait. */
export const whenFree = (name: string, callback: () => void): (() => void) => {
  const controller = new AbortController()
  navigator.locks
    .request(name, { mode: 'shared', signal: controller.signal }, callback)
    .catch(() => undefined) // aborted: nobody waits any more
  return () => controller.abort()
}

/** Is somebody holding this lock? */
export const isHeld = async (name: string): Promise<boolean> => {
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => lock.name === name)
}
