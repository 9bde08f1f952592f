import { createServer, type RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import type { createUpgrade } from './upgrade.js'

/** A server that can stop and listen again on the same port. */
interface Listener {
  /** The port it listens on, or did last. */
  readonly port: number
  start(): Promise<void>
  /** Ends every connection at once and stops listening. */
  stop(): Promise<void>
}

/** What a listener listens on, and what it does with what comes. */
interface ListenerOptions {
  readonly host: string
  /** 0 takes a free port at the first start and keeps it. */
  readonly port: number
  readonly onRequest: RequestListener
  readonly onUpgrade: ReturnType<typeof createUpgrade>
}

/** Makes a listener that is not yet started. */
export const createListener = ({ host, port, onRequest, onUpgrade }: ListenerOptions): Listener => {
  const server = createServer(onRequest)
  // The server forgets a connection at its upgrade, but waits for its end when it closes.
  const connections = new Set<Socket>()
  server.on('upgrade', onUpgrade)
  server.on('connection', (connection) => {
    connections.add(connection)
    connection.on('close', () => connections.delete(connection))
  })
  let current = port
  return {
    get port() {
      return current
    },
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(current, host, () => {
          server.off('error', reject)
          const address = server.address()
          if (typeof address === 'object' && address !== null) current = address.port
          resolve()
        })
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const connection of connections) connection.destroy()
      }),
  }
}
