/** `npm start`: a server with the relay of `relay.mjs`, and one call to post messages with. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createRelay } from './relay.mjs'

/** @param {any} body What was posted. */
const messageOf = ({ channel, from, text }) => {
  if ([channel, from, text].some((field) => typeof field !== 'string')) throw new Error('a field is no text')
  const message = { id: randomUUID(), agent_name: from, text }
  // An event's `id` has to be the same whenever the message is sent: here it is sent from the ring alone.
  return { type: 'message.created', id: randomUUID(), channel, message }
}

/**
 * Starts it. `POST /messages` with `{channel, from, text}` sends a message to the agent `dashboard`. A real server looks
 * first who asks.
 * @param {{ port?: number, origins?: string[] }} [options]
 */
export const start = async ({ port = 8787, origins = ['http://127.0.0.1:5173'] } = {}) => {
  const relay = createRelay({ tokens: { at_dashboard: 'dashboard' }, origins })
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== '/messages') return response.writeHead(404).end()
    return json(request)
      .then(
        (body) => {
          relay.publish('dashboard', messageOf(body))
          response.writeHead(204).end()
        },
        () => response.writeHead(400).end(),
      )
      .catch(() => response.writeHead(400).end())
  })
  server.on('upgrade', relay.upgrade)
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(null)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        relay.close()
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start()
  console.log(`The relay listens at ${url}`)
}
