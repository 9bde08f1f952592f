import type { ClientEvent, ResyncAck } from '../protocol/index.js'
import type { Agent } from './agents.js'
import { iso } from './clock.js'
import { serverTime, type Core } from './core.js'
import { dmEvent, messageEvent, reactionEvent } from './events.js'
import type { RelaySocket } from './socket.js'

type Resync = Extract<ClientEvent, { type: 'resync' }>

/** What the database has that was created later than `since`, oldest first, as frames. */
const databaseReplay = ({ store, settings }: Core, agent: Agent, since: string): readonly string[] => {
  const seconds = Math.floor(Date.parse(since) / 1_000)
  if (Number.isNaN(seconds)) return []
  const later = { seconds, limit: settings.replayLimit }
  const rows = [
    ...store.messagesLater(later).map((row) => ({ at: row.created_at, event: messageEvent(row) })),
    ...store.dmsLater(agent.id, later).map((row) => ({ at: row.created_at, event: dmEvent(row) })),
    ...store.reactionsLater(later).map((row) => ({ at: row.created_at, event: reactionEvent(row) })),
  ]
  return rows
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, event }) => {
      const optional = settings.optionalFields ? { created_at: iso(at) } : {}
      return JSON.stringify({ ...optional, ...event, replayed: true })
    })
}

/**
 * Answers a resync, on its socket alone. `PROTOCOL.md`, "The relay's answer", steps 1 to 3. It waits only where a
 * test holds it, so otherwise the answer is complete before that to the client's next frame.
 */
export const answerResync = async (
  core: Core,
  agent: Agent,
  socket: RelaySocket,
  { last_seen_seq, since }: Resync,
): Promise<void> => {
  const { feed } = agent
  const { holds, faults } = core
  socket.openResyncs += 1

  const beforeRing = holds.before('ring')
  if (beforeRing) await beforeRing
  const missed = feed.ring.after(last_seen_seq)
  // After a counter reset nothing has been lost from the new ring, so there is no gap. `PROTOCOL.md`,
  // "What makes it hard", 7.
  const gapDetected = feed.ring.lostUpTo > last_seen_seq
  for (const { text } of missed) socket.send(text)

  if (faults.dieBetweenReplays) {
    faults.dieBetweenReplays = false
    socket.cutAfterSending()
    return
  }

  const beforeDatabase = holds.before('database')
  if (beforeDatabase) await beforeDatabase
  const restored = gapDetected && since !== undefined ? databaseReplay(core, agent, since) : []
  for (const text of restored) socket.send(text)

  const beforeAck = holds.before('ack')
  if (beforeAck) await beforeAck
  socket.openResyncs -= 1
  const ack: ResyncAck = {
    type: 'resync_ack',
    last_seen_seq,
    // Of this moment: an event may have been numbered that is not yet sent. `PROTOCOL.md`, "What makes it hard", 5.
    current_seq: feed.currentSeq,
    replayed: missed.length + restored.length,
    gap_detected: gapDetected,
    ...serverTime(core, feed.epoch),
  }
  socket.send(JSON.stringify(ack))
}
