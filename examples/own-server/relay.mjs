/**
 * The smallest relay: numbers the events of each agent, sends each to all of the agent's sockets, keeps the newest 500,
 * and answers a resync from them. It has no database, so a gap that is larger than that is told, and not filled.
 */
import { randomUUID } from 'node:crypto'
import { WebSocketServer } from 'ws'

const RING_SIZE = 500

/**
 * @typedef {object} Agent
 * @property {number} seq The number of its newest event.
 * @property {{ seq: number, text: string }[]} ring Its newest events, as they were sent.
 * @property {Set<import('ws').WebSocket>} sockets
 */

/** @param {unknown} data */
const parse = (data) => {
  try {
    return JSON.parse(String(data))
  } catch {
    return null
  }
}

/**
 * Makes a relay for the WebSockets of an HTTP server.
 * @param {{ tokens: Record<string, string>, origins: string[] }} options The agent of each token, and from which pages
 *   sockets may come: browsers let any page open one, so only the relay can refuse it.
 */
export const createRelay = ({ tokens, origins }) => {
  /** Another each time that the counters begin at 1 again: it tells the clients that they did. */
  const epoch = randomUUID()
  /** @type {Map<string, Agent>} */
  const agents = new Map(
    Object.values(tokens).map((name) => [name, { seq: 0, ring: [], sockets: new Set() }]),
  )
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536 })

  const now = () => ({ epoch, server_time: new Date().toISOString() })

  /**
   * @param {Agent} agent
   * @param {import('ws').WebSocket} socket
   * @param {any} frame
   */
  const hear = ({ seq, ring }, socket, frame) => {
    // `subscribe` and `unsubscribe` need no answer: an agent gets all its events.
    if (frame?.type === 'ping') socket.send(JSON.stringify({ type: 'pong', ...now(), sent_seq: seq }))
    if (frame?.type !== 'resync' || typeof frame.last_seen_seq !== 'number') return
    const missed = ring.filter((event) => event.seq > frame.last_seen_seq)
    for (const { text } of missed) socket.send(text)
    const answer = {
      type: 'resync_ack',
      last_seen_seq: frame.last_seen_seq,
      current_seq: seq,
      replayed: missed.length,
      gap_detected: missed.length < seq - frame.last_seen_seq,
      ...now(),
    }
    socket.send(JSON.stringify(answer))
  }

  return {
    /**
     * Takes over an upgrade, or refuses it.
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:stream').Duplex} stream
     * @param {Buffer} head
     */
    upgrade(request, stream, head) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const agent = agents.get(tokens[searchParams.get('token') ?? ''] ?? '')
      const { origin } = request.headers
      const isForeign = origin !== undefined && !origins.includes(origin)
      if (pathname !== '/v1/ws' || isForeign || !agent) {
        stream.end(
          `HTTP/1.1 ${isForeign ? '403 Forbidden' : '401 Unauthorized'}\r\nConnection: close\r\n\r\n`,
        )
        return
      }
      sockets.handleUpgrade(request, stream, head, (socket) => {
        agent.sockets.add(socket)
        socket.on('message', (data) => hear(agent, socket, parse(data)))
        socket.on('close', () => agent.sockets.delete(socket))
        socket.on('error', () => socket.terminate()) // a frame that is too large, a connection that broke
      })
    },

    /**
     * Sends an event to an agent, now or when it asks for what it missed.
     * @param {string} name
     * @param {{ type: string, [field: string]: unknown }} event
     * @returns {boolean} Whether there is such an agent.
     */
    publish(name, event) {
      const agent = agents.get(name)
      if (!agent) return false
      agent.seq += 1
      const text = JSON.stringify({
        ...event,
        agent_seq: agent.seq,
        epoch,
        created_at: new Date().toISOString(),
      })
      agent.ring.push({ seq: agent.seq, text })
      if (agent.ring.length > RING_SIZE) agent.ring.shift()
      for (const socket of agent.sockets) socket.send(text)
      return true
    },

    /** Ends all sockets. */
    close() {
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}
