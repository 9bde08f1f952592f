/** The relay's process, and how the bench asks it to do something. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./relay.mjs').Commands} Commands */
/** @typedef {{ [Name in keyof Commands]: (...args: Parameters<Commands[Name]>) => Promise<Awaited<ReturnType<Commands[Name]>>> }} Relay */

/** Starts it. @returns {Promise<{ relay: Relay, close: () => void }>} */
export const startRelayProcess = async () => {
  const child = fork(fileURLToPath(new URL('relay.mjs', import.meta.url)))
  /** @type {Map<number, { resolve: (value: never) => void, reject: (error: Error) => void }>} */
  const waiting = new Map()
  let id = 0
  /** @type {Promise<void>} */
  const started = new Promise((resolve, reject) => waiting.set(0, { resolve, reject }))
  child.on('message', (/** @type {{ id: number, value?: never, error?: string }} */ answer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.error === undefined) asked?.resolve(/** @type {never} */ (answer.value))
    else asked?.reject(new Error(`the relay: ${answer.error}`))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the relay has ended with ${code}`))
  })
  await started
  const call = (/** @type {string} */ name, /** @type {unknown[]} */ args) =>
    new Promise((resolve, reject) => {
      id += 1
      waiting.set(id, { resolve, reject })
      child.send({ id, name, args })
    })
  // Any name is a command: `Relay` says which there are.
  const relay = /** @type {Relay} */ (
    new Proxy(
      {},
      {
        get: (_, name) =>
          name === 'then' ? undefined : (/** @type {unknown[]} */ ...args) => call(String(name), args),
      },
    )
  )
  return { relay, close: () => child.disconnect() }
}
