/** Reaches a worker that another build of the app has started. */
import type { WorkerAddress } from './bridge.js'

/**
 * Connecting to a running SharedWorker takes the very options that it was made with. An address cannot say them (a
 * worker does not know them), so they are tried: with others there is an `error` event, and the next ones have their
 * turn.
 */
const variants: readonly WorkerOptions[] = [
  { type: 'module', extendedLifetime: true },
  { type: 'module' },
  { extendedLifetime: true },
  {},
]

/** The worker at this address, by the `attempt`th way of connecting to it (from 0); null if there are no more ways. */
export const connectTo = ({ url, name }: WorkerAddress, attempt: number): SharedWorker | null => {
  const options = variants[attempt]
  return options ? new SharedWorker(url, { ...options, name }) : null
}
