import type { Core } from './core.js'
import type { ResyncStep } from './holds.js'

/** Which events a fault takes. */
export interface LossOptions {
  /** The agent whose events are taken. @default every agent, each with a count of its own */
  readonly agent?: string
  /** Whether the ring holds the events all the same, so that a resync brings them. @default true */
  readonly ring?: boolean
}

/** Which events are late, and for how long. */
export interface DelayOptions extends LossOptions {
  /** Milliseconds from the numbering of an event to its sending. @default until it is released by hand */
  readonly ms?: number
}

/** Ends a fault; safe to call twice. */
export type Release = () => void

/**
 * What a test can do to the relay. Where an agent is optional, leaving it out means every agent.
 * Faults of the next events are used up in the order in which they were made.
 */
export interface RelayFaults {
  /** Ends sockets at once, without a closing handshake. */
  cut(agent?: string): void
  /** Closes sockets with a code. Deaf ones stay as they are. */
  closeSockets(code: number, reason: string, agent?: string): void
  /** Refuses new sockets, by destroying the TCP connection at the upgrade, until `refuse(false)`. */
  refuse(on: boolean): void
  /**
   * Makes every open socket, and until `goDeaf(false)` every new one, half-open: it takes the handshake, and
   * from then on reads and sends nothing, not even a close frame. It stays so until the relay cuts it.
   */
  goDeaf(on: boolean): void
  /** Numbers the next live events and never sends them. */
  loseNext(count: number, options?: LossOptions): void
  /**
   * Numbers the next live events and sends them later, after events that follow them. The function that is
   * returned sends those that still wait, and ends the fault.
   */
  delayNext(count: number, options?: DelayOptions): Release
  /**
   * Sends every live event so many milliseconds late, in order, as a slow network does, until released: then those
   * that wait are sent. A resync is answered at once, and brings them from the ring, unless `ring` is false.
   */
  delay(ms: number, options?: LossOptions): Release
  /**
   * Numbers live events and neither sends them nor puts them in the ring until released: `current_seq` of an
   * acknowledgement is then ahead of what was sent. `PROTOCOL.md`, "What makes it hard", 5.
   */
  holdSends(agent?: string): Release
  /** Whether the next resync ends after the ring replay, with the death of its socket. It happens once. */
  dieBetweenReplays(on: boolean): void
  /** Holds the answers to resyncs before a step, so that live events get among them. @default 'database' */
  pauseResync(before?: ResyncStep): Release
  /** Sets the counter to 0, empties the ring, forgets what waits to be sent and changes the epoch. */
  resetCounter(agent?: string): void
  /** Empties the ring and nothing else. */
  loseRing(agent?: string): void
  /** Moves the relay's clock by so many milliseconds, forwards or (negative) backwards, from where it is. */
  shiftClock(ms: number): void
  /** Sends a text as it is to all sockets of an agent: for frames that are malformed or out of place. */
  sendRaw(agent: string, text: string): void
}

/** Makes the faults of one relay. */
export const createFaults = ({ agents, clock, faults, holds }: Core): RelayFaults => {
  const socketsOf = (agent: string | undefined) => agents.chosen(agent).flatMap(({ sockets }) => [...sockets])
  const feedsOf = (agent: string | undefined) => agents.chosen(agent).map(({ feed }) => feed)

  const delayNext = (count: number, { agent, ring = true, ms }: DelayOptions = {}): Release => {
    const releases = feedsOf(agent).map((feed) => feed.delayNext(count, ring, ms))
    return () => releases.forEach((release) => release())
  }

  return {
    cut: (agent) => socketsOf(agent).forEach((socket) => socket.cut()),
    closeSockets: (code, reason, agent) => socketsOf(agent).forEach((socket) => socket.close(code, reason)),
    refuse: (on) => {
      faults.refusing = on
    },
    goDeaf: (on) => {
      faults.deaf = on
      if (on) for (const socket of socketsOf(undefined)) socket.goDeaf()
    },
    loseNext: (count, { agent, ring = true } = {}) =>
      feedsOf(agent).forEach((feed) => feed.loseNext(count, ring)),
    delayNext,
    delay: (ms, options = {}) => delayNext(Infinity, { ...options, ms }),
    holdSends: (agent) => delayNext(Infinity, { ring: false, ...(agent === undefined ? {} : { agent }) }),
    dieBetweenReplays: (on) => {
      faults.dieBetweenReplays = on
    },
    pauseResync: (before = 'database') => holds.add(before),
    resetCounter: (agent) => feedsOf(agent).forEach((feed) => feed.reset()),
    loseRing: (agent) => feedsOf(agent).forEach((feed) => feed.ring.clear()),
    shiftClock: clock.shift,
    sendRaw: (agent, text) => socketsOf(agent).forEach((socket) => socket.send(text)),
  }
}
