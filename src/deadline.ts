/** A call whose other end has died never settles, so every call has a deadline. */
import { TabmuxError } from './errors.js'

/** How long the worker may take to answer a call, in milliseconds. */
export const CALL_DEADLINE_MS = 10_000

/** What a call that was not answered in time comes to. */
export const unresponsive = (ms: number): TabmuxError =>
  new TabmuxError('worker_unresponsive', `the worker has not answered within ${ms} ms`)

/** @throws {TabmuxError} `worker_unresponsive`, or whatever the call throws */
export const within = <T>(call: Promise<T>, ms = CALL_DEADLINE_MS): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unresponsive(ms)), ms)
    call.then(resolve, reject).finally(() => clearTimeout(timer))
  })

/** The answer, or undefined if there is none in time. */
export const withinOrNothing = <T>(call: Promise<T>, ms: number): Promise<T | undefined> =>
  within(call, ms).catch((error: unknown) => {
    if (error instanceof TabmuxError && error.code === 'worker_unresponsive') return undefined
    throw error
  })
