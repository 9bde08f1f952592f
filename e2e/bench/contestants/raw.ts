/** A SharedWorker with the socket, and one `postMessage` for each event and tab. */
import type { Start } from './contestant.js'

export const start: Start = async (relay, onEvent) => {
  const { port } = new SharedWorker(new URL('./raw.worker.ts', import.meta.url), { type: 'module' })
  await new Promise((resolve) => {
    port.onmessage = ({ data }) => {
      if (data === 'open') resolve(undefined)
      else onEvent(data)
    }
    port.postMessage(relay)
  })
}
