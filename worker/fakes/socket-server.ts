import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { Log } from './log.js'

/** A socket as the server has it. */
export interface ServerSocket {
  readonly url: URL
  /** The texts that came. */
  readonly received: Log<string>
  /** The code it was closed with. */
  readonly ended: Promise<number>
  send(data: string | Uint8Array): void
  close(code?: number, reason?: string): void
  /** Ends the connection without a closing handshake. */
  cut(): void
}

/** What becomes of an attempt to connect. */
export type Welcome = 'accept' | 'refuse' | 'ignore'

/** A real WebSocket server on localhost that says nothing by itself. */
export interface SocketServer extends AsyncDisposable {
  readonly url: string
  /** The addresses asked for, also by those that were refused. */
  readonly attempts: Log<URL>
  readonly sockets: Log<ServerSocket>
  /** From now on: accept, refuse with HTTP 401, or never answer. */
  welcome: Welcome
  /** The newest socket. */
  newest(): ServerSocket
}

const urlOf = ({ url = '/' }: IncomingMessage): URL => new URL(url, 'ws://localhost')

const serverSocket = (socket: WebSocket, url: URL): ServerSocket => {
  const received = new Log<string>()
  socket.on('message', (data) => received.push(String(data)))
  return {
    url,
    received,
    ended: once(socket, 'close').then(([code]) => code),
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
  }
}

/** Starts a server on a free port. */
export const startSocketServer = async (welcome: Welcome = 'accept'): Promise<SocketServer> => {
  const http = createServer()
  const webSockets = new WebSocketServer({ noServer: true })
  const attempts = new Log<URL>()
  const sockets = new Log<ServerSocket>()
  const open = new Set<{ destroy(): void }>()
  http.on('connection', (connection) => open.add(connection))
  http.on('upgrade', (request, connection, head) => {
    const url = urlOf(request)
    if (server.welcome === 'refuse') connection.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')
    if (server.welcome === 'accept') {
      webSockets.handleUpgrade(request, connection, head, (socket) => sockets.push(serverSocket(socket, url)))
    }
    attempts.push(url)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo // it listens on a port, not on a pipe
  const server: SocketServer = {
    url: `http://127.0.0.1:${port}`,
    attempts,
    sockets,
    welcome,
    newest: () => {
      const socket = sockets.items.at(-1)
      if (!socket) throw new Error('expected a socket, got none yet')
      return socket
    },
    [Symbol.asyncDispose]: async () => {
      for (const connection of open) connection.destroy()
      http.close()
      await once(http, 'close')
    },
  }
  return server
}
