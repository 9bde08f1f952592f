/** Reaches a worker by its address: one that another build of the app has started, or that takes another's place. */
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

/** The ways of connecting to the worker at this address, to be tried one after the other. */
export const waysTo = ({ url, name }: WorkerAddress): readonly (() => SharedWorker)[] =>
  variants.map((options) => () => new SharedWorker(url, { ...options, name }))

export const isSameAddress = (a: WorkerAddress, b: WorkerAddress): boolean =>
  a.url === b.url && a.name === b.name
