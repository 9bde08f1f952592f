import type { BadFrame, Core, ReceivedFrame, RelayStats, SocketChange } from './core.js'

/** An open socket. */
export interface SocketInfo {
  /** Tells it from other sockets of this relay. */
  readonly id: string
  /** The name of the agent that it serves. */
  readonly agent: string
  /** Milliseconds since 1970, by the relay's clock. */
  readonly openedAt: number
  /** The channels that the client subscribed to, sorted. They are a record: every event is sent anyway. */
  readonly channels: readonly string[]
  /** How many frames of the contract the client sent. */
  readonly framesReceived: number
  /** Whether `goDeaf` met it. The relay does not notice when the client gives such a socket up. */
  readonly deaf: boolean
}

/** What a test can ask the relay. */
export interface RelayInspection {
  /** The open sockets of an agent, or of all, oldest first. */
  sockets(agent?: string): readonly SocketInfo[]
  /** The newest 10,000 times that a socket was opened or closed, of an agent or of all, in the order in which it was. */
  socketChanges(agent?: string): readonly SocketChange[]
  /** The newest 10,000 frames that clients sent, of an agent or of all, over all sockets, oldest first. */
  received(agent?: string): readonly ReceivedFrame[]
  /** What clients sent and the relay ignored, oldest first. It grows while the relay runs. */
  readonly badFrames: readonly BadFrame[]
  /** Counts that grow while the relay runs. */
  readonly stats: RelayStats
}

/** Makes the questions about one relay. */
export const createInspection = ({
  agents,
  received,
  badFrames,
  socketChanges,
  stats,
}: Core): RelayInspection => ({
  sockets: (name) =>
    agents.chosen(name).flatMap((agent) =>
      [...agent.sockets].map(({ id, openedAt, channels, framesReceived, deaf }) => ({
        id,
        agent: agent.name,
        openedAt,
        channels: [...channels].toSorted(),
        framesReceived,
        deaf,
      })),
    ),
  socketChanges: (agent) => socketChanges.filter((entry) => agent === undefined || entry.agent === agent),
  received: (agent) => received.filter((entry) => agent === undefined || entry.agent === agent),
  badFrames,
  stats,
})
