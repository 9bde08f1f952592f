import type { ClientEvent, Pong } from '../protocol/index.js'
import type { Agent } from './agents.js'
import { serverTime, type Core } from './core.js'
import { parseFrame } from './frames.js'
import { answerResync } from './resync.js'
import type { RelaySocket } from './socket.js'

/** Bad frames on one socket that are ignored; the next one is taken for abuse. */
const MAX_BAD_FRAMES = 100
/** How many received frames are remembered; older ones are forgotten, so that a relay can run for days. */
const MAX_RECEIVED = 10_000

const pong = (core: Core, { feed }: Agent, socket: RelaySocket): Pong => {
  // While a resync is being answered, what it will replay has not been sent on this socket.
  const isSentSeqTrue = core.settings.optionalFields && socket.openResyncs === 0
  return {
    type: 'pong',
    ...serverTime(core, feed.epoch),
    ...(isSentSeqTrue ? { sent_seq: feed.sentSeq } : {}),
  }
}

const answer = (core: Core, agent: Agent, socket: RelaySocket, frame: ClientEvent): void => {
  switch (frame.type) {
    case 'subscribe':
      for (const channel of frame.channels) socket.channels.add(channel)
      return
    case 'unsubscribe':
      for (const channel of frame.channels) socket.channels.delete(channel)
      return
    case 'ping':
      socket.send(JSON.stringify(pong(core, agent, socket)))
      return
    case 'resync':
      answerResync(core, agent, socket, frame).catch(() => socket.close(1011, 'the resync failed'))
  }
}

/**
 * Takes what a client sent: records it and answers it. The contract has no frame that says that another was
 * bad, so a bad one is ignored; close code 1008 is for a client that sends nothing else.
 */
export const hear = (
  core: Core,
  agent: Agent,
  socket: RelaySocket,
  text: string,
  isBinary: boolean,
): void => {
  // `ws` hands over what it had already read when the socket went deaf.
  if (socket.deaf) return
  const at = { agent: agent.name, socket: socket.id }
  const parsed = parseFrame(text, isBinary)
  if ('frame' in parsed) {
    socket.framesReceived += 1
    if (core.received.push({ ...at, at: core.clock.now(), frame: parsed.frame }) > MAX_RECEIVED)
      core.received.shift()
    answer(core, agent, socket, parsed.frame)
    return
  }
  core.badFrames.push({ ...at, text, reason: parsed.reason })
  socket.badFrames += 1
  if (socket.badFrames > MAX_BAD_FRAMES)
    socket.close(1008, `more than ${MAX_BAD_FRAMES} frames outside the contract`)
}
