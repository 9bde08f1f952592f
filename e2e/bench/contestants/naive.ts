/** A SharedWorker with the socket, and one call over Comlink for each event and tab. */
import { proxy, wrap } from 'comlink'
import type { Start } from './contestant.js'
import type { NaivePort } from './naive.worker.js'

export const start: Start = async (relay, onEvent) => {
  const worker = new SharedWorker(new URL('./naive.worker.ts', import.meta.url), { type: 'module' })
  const remote = wrap<NaivePort>(worker.port)
  await remote.subscribe(relay, proxy(onEvent))
  // Comlink closes the port of a proxy that is collected.
  Object.assign(globalThis, { remote })
}
