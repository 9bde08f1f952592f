import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Agent } from './agents.js'
import { hear } from './conversation.js'
import { admitSocket } from './admission.js'
import type { Core } from './core.js'
import { RelayError } from './errors.js'
import { checkOrigin } from './origin.js'

/** The path of the WebSocket. `PROTOCOL.md`, "Connecting". */
export const SOCKET_PATH = '/v1/ws'

const refuse = (stream: Duplex, error: RelayError): void => {
  const body = JSON.stringify({ ok: false, error: { code: error.code, message: error.message } })
  stream.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

const serve = (core: Core, agent: Agent, webSocket: WebSocket, { socket: tcp }: IncomingMessage): void => {
  const { socket, closed } = admitSocket(core, agent, { webSocket, tcp })
  webSocket.on('close', closed)
  // Without a listener a frame over maxPayload would end the process; `ws` closes the socket with 1009.
  webSocket.on('error', () => {})
  // Frames come as Buffers: `binaryType` is left at its default.
  webSocket.on('message', (data, isBinary) => hear(core, agent, socket, String(data), isBinary))
}

/** What a path is asked for, and with what token. */
const admit = (core: Core, { url = '/', headers }: IncomingMessage): Agent | undefined => {
  const { pathname, searchParams } = new URL(url, 'http://relay')
  if (pathname !== SOCKET_PATH) {
    throw new RelayError('not_found', `path: expected ${SOCKET_PATH}, got ${pathname}`)
  }
  checkOrigin(headers, core.settings.allowedOrigins)
  const agent = core.agents.withToken(searchParams.get('token') ?? '')
  if (!agent && core.settings.refuseTokens === 'upgrade') {
    throw new RelayError('unauthorized', 'token: expected that of an agent, got another or none')
  }
  return agent
}

/** Makes what a server does with an upgrade to a WebSocket. `PROTOCOL.md`, "Connecting". */
export const createUpgrade = (core: Core) => {
  const server = new WebSocketServer({ noServer: true, maxPayload: core.settings.maxPayload })
  return (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    // A peer that goes away in mid-handshake is no failure of the relay.
    stream.on('error', () => {})
    if (core.faults.refusing) {
      stream.destroy()
      return
    }
    try {
      const agent = admit(core, request)
      server.handleUpgrade(request, stream, head, (webSocket) => {
        if (agent) serve(core, agent, webSocket, request)
        else webSocket.close(1008, 'token: expected that of an agent')
      })
    } catch (error) {
      refuse(stream, error instanceof RelayError ? error : new RelayError('invalid_request', String(error)))
    }
  }
}
