import type { ClientEvent } from '../protocol/index.js'
import { createAgents, type Agents } from './agents.js'
import { createClock, iso, type Clock } from './clock.js'
import { createHolds, type Holds } from './holds.js'
import type { RelaySettings } from './options.js'
import type { Store } from './store.js'

/** A frame that a client sent. */
export interface ReceivedFrame {
  /** The name of the agent whose socket it is. */
  readonly agent: string
  /** The id of the socket that it came on. */
  readonly socket: string
  /** Milliseconds since 1970, by the relay's clock. */
  readonly at: number
  /** As it was sent. */
  readonly frame: ClientEvent
}

/** A socket that was opened, or the end of one. */
export interface SocketChange {
  /** The name of the agent whose socket it is. */
  readonly agent: string
  /** The id of the socket. */
  readonly socket: string
  /** Milliseconds since 1970, by the relay's clock. */
  readonly at: number
  /** Which of the two. */
  readonly change: 'opened' | 'closed'
  /** How many other sockets of the agent are open then; those whose close frame has come are not. */
  readonly others: number
}

/** A frame that a client sent and that is none of the contract. It was ignored. */
export interface BadFrame {
  /** The name of the agent whose socket it is. */
  readonly agent: string
  /** The id of the socket that it came on. */
  readonly socket: string
  /** As it was sent. */
  readonly text: string
  /** What was expected and what came. */
  readonly reason: string
}

/** Counts since the relay was started. */
export interface RelayStats {
  /** Sockets that were opened. */
  readonly connections: number
  /** Frames that were sent, over all sockets. */
  readonly framesSent: number
  /** UTF-8 bytes of the sent frames' text. */
  readonly bytesSent: number
}

/** What the parts of one relay share. */
export interface Core {
  readonly settings: RelaySettings
  readonly clock: Clock
  readonly store: Store
  readonly agents: Agents
  readonly holds: Holds
  readonly faults: { refusing: boolean; deaf: boolean; dieBetweenReplays: boolean }
  readonly received: ReceivedFrame[]
  readonly badFrames: BadFrame[]
  readonly socketChanges: SocketChange[]
  readonly stats: { -readonly [Count in keyof RelayStats]: RelayStats[Count] }
}

/** Puts together what the parts share. */
export const createCore = (settings: RelaySettings, store: Store): Core => {
  const { ringSize, optionalFields, channels } = settings
  const clock = createClock(settings.clock)
  const agents = createAgents(store, { ringSize, optionalFields, now: clock.now })
  for (const channel of channels) store.addChannel(channel, clock.now())
  for (const [name, token] of Object.entries(settings.agents)) agents.add(name, token)
  return {
    settings,
    clock,
    store,
    agents,
    holds: createHolds(),
    faults: { refusing: false, deaf: false, dieBetweenReplays: false },
    received: [],
    badFrames: [],
    socketChanges: [],
    stats: { connections: 0, framesSent: 0, bytesSent: 0 },
  }
}

/** The optional fields of `pong` and `resync_ack`. `PROTOCOL.md`, "Optional fields". */
export const serverTime = ({ settings, clock }: Core, epoch: string) =>
  settings.optionalFields ? { epoch, server_time: iso(clock.now()) } : {}
