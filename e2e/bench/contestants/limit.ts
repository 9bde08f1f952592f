/** What a SharedWorker can hand to its tabs at most: batches of texts from memory. No relay, no socket, no store. */
import type { Start } from './contestant.js'

export const start: Start = (_relay, onEvent) => {
  const { port } = new SharedWorker(new URL('./limit.worker.ts', import.meta.url), { type: 'module' })
  let started: (at: number) => void = () => undefined
  port.onmessage = ({ data }: MessageEvent<number | readonly string[]>) => {
    if (typeof data === 'number') return started(data)
    for (const text of data) onEvent(JSON.parse(text))
    port.postMessage('next')
  }
  const burst = (count: number) =>
    new Promise<number>((resolve) => {
      started = resolve
      port.postMessage(count)
    })
  return Promise.resolve({ burst })
}
