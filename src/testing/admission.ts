import { randomUUID } from 'node:crypto'
import type { Agent } from './agents.js'
import type { Core, SocketChange } from './core.js'
import { RelaySocket, type SocketParts } from './socket.js'

/** How many changes are remembered; older ones are forgotten, so that a relay can run for days. */
const MAX_CHANGES = 10_000

/** Gives an agent a socket that has just opened. `closed` is to be called when it has closed. */
export const admitSocket = (
  { stats, clock, faults, socketChanges }: Core,
  agent: Agent,
  parts: Pick<SocketParts, 'webSocket' | 'tcp'>,
): { readonly socket: RelaySocket; readonly closed: () => void } => {
  const socket = new RelaySocket({ ...parts, id: randomUUID(), openedAt: clock.now(), stats })
  stats.connections += 1
  agent.sockets.add(socket)
  const note = (change: SocketChange['change']): void => {
    const others = [...agent.sockets].filter((other) => other !== socket && other.isOpen).length
    const entry = { agent: agent.name, socket: socket.id, at: clock.now(), change, others }
    if (socketChanges.push(entry) > MAX_CHANGES) socketChanges.shift()
  }
  note('opened')
  if (faults.deaf) socket.goDeaf()
  const closed = (): void => {
    agent.sockets.delete(socket)
    note('closed')
  }
  return { socket, closed }
}
