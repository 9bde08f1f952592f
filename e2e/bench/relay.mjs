/** The relay of the bench, in a process of its own: what it does must not wait for what the bench does. */
import { randomUUID } from 'node:crypto'
import { startRelay } from 'tabmux/testing'

const relay = await startRelay({ agents: { bob: 'at_bob' }, channels: ['general'] })

/** So many events are sent before the sockets are served again. */
const CHUNK = 50

const now = () => performance.timeOrigin + performance.now()
const pause = () => new Promise((resolve) => setImmediate(resolve))

/** The text of an event: its index, when it was sent (0: not measured), and what makes the frame 300 bytes long. */
const textOf = (/** @type {number} */ index, sentAt = 0) => `${index} ${sentAt.toFixed(3)} `.padEnd(26, 'x')

/** @param {string} text */
const eventOf = (text) => ({
  type: 'message.created',
  id: randomUUID(),
  channel: 'general',
  message: { id: `msg_${randomUUID()}`, agent_name: 'bob', text, attachments: [] },
})

let shiftMs = 0

const commands = {
  url: () => relay.url,
  /** Adds an agent; its token is its name. */
  addAgent: (/** @type {string} */ name) => relay.addAgent(name, name),
  sockets: (/** @type {string} */ name) => relay.sockets(name).length,
  /** What the relay has done since it was started. */
  usage: () => {
    const { user, system } = process.cpuUsage()
    return { ...relay.stats, cpuMs: (user + system) / 1_000 }
  },
  /**
   * Sends events as fast as it can, and gives when the first one was sent.
   * @param {string} agent @param {number} count
   */
  burst: async (agent, count) => {
    const events = Array.from({ length: count }, (_, index) => eventOf(textOf(index)))
    const startedAt = now()
    for (const [index, event] of events.entries()) {
      relay.emit(agent, event)
      if (index % CHUNK === CHUNK - 1) await pause()
    }
    return startedAt
  },
  /**
   * Sends events at a steady rate, each with its time.
   * @param {string} agent @param {number} count @param {number} perSecond
   */
  steady: async (agent, count, perSecond) => {
    const startedAt = now()
    for (let index = 0; index < count; index++) {
      const due = startedAt + (index * 1_000) / perSecond
      await new Promise((resolve) => setTimeout(resolve, due - now()))
      relay.emit(agent, eventOf(textOf(index, now())))
    }
  },
  /**
   * Ends an agent's sockets, and stores and numbers so many messages and as many direct messages before any client
   * is back. They are of a later second than what came before, so that no client's `since` leaves them out.
   * @param {string} agent @param {number} ofEach
   */
  cutAndPublish: (agent, ofEach) => {
    relay.cut(agent)
    relay.shiftClock(10_000)
    shiftMs += 10_000
    for (let index = 0; index < ofEach; index++) {
      relay.post({ from: 'bob', channel: 'general', text: textOf(2 * index) })
      relay.dm({ from: 'bob', to: agent, text: textOf(2 * index + 1) })
    }
  },
  /** When the agent's first resync came, in milliseconds since 1970. */
  resyncedAt: (/** @type {string} */ agent) => {
    const asked = relay.received(agent).find(({ frame }) => frame.type === 'resync')
    if (!asked) throw new Error('expected a resync frame, got none')
    return asked.at - shiftMs
  },
}

/** @typedef {typeof commands} Commands */

process.on('message', async (/** @type {{ id: number, name: keyof Commands, args: never[] }} */ asked) => {
  const { id, name, args } = asked
  try {
    /** @type {(...args: never[]) => unknown} */
    const command = commands[name]
    process.send?.({ id, value: await command(...args) })
  } catch (error) {
    process.send?.({ id, error: String(error) })
  }
})
process.on('disconnect', () => process.exit())
process.send?.({ id: 0 })
