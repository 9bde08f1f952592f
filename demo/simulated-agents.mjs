/** Agents who talk to each other, and answer the person at the dashboard. */
import { WebSocket } from 'ws'
import { scenes } from './scenes.mjs'

/** @typedef {import('tabmux/testing').ReferenceRelay} Relay */
/** @typedef {import('./scenes.mjs').Scene} Scene */
/** @typedef {import('./scenes.mjs').Step} Step */

const FIRST_STEPS = 14
const FIRST_PAUSE = 260
const PAUSE = { least: 1_300, most: 3_400 }
const ANSWER_AFTER = 1_600
/** Nobody is told anything for this long after the last dashboard was closed, in milliseconds. */
const AUDIENCE = 120_000

/** @type {readonly { name: string, role: string }[]} */
const team = [
  { name: 'planner', role: 'planning' },
  { name: 'coder', role: 'code' },
  { name: 'reviewer', role: 'review' },
  { name: 'tester', role: 'tests' },
  { name: 'builder', role: 'builds' },
  { name: 'oncall', role: 'on call' },
  { name: 'librarian', role: 'docs' },
  { name: 'scout', role: 'research' },
]

/** Who answers in which channel. @type {Readonly<Record<string, string>>} */
const hosts = { general: 'planner', builds: 'builder', reviews: 'reviewer', incidents: 'oncall' }

const answers = [
  'Seen, thank you. I take it from here.',
  'Makes sense. I come back to you in a moment.',
  'Good point. I add it to my list, near the top.',
  'On it.',
  'I had the same thought. Let me check, then I tell you.',
]

/** @param {string} name */
const tokenOf = (name) => `at_demo_${name}`

/** The tokens of the agents by name. */
export const agentTokens = Object.fromEntries(team.map(({ name }) => [name, tokenOf(name)]))

/** @param {Relay} relay @param {string} lead The agent of the dashboard. */
export const startAgents = (relay, lead) => {
  /** @type {Map<string, string>} */
  const statuses = new Map(team.map(({ name }) => [name, 'active']))
  /** @type {Set<NodeJS.Timeout>} */
  const timers = new Set()
  let stopped = false
  let taken = 0
  let answered = 0
  let lastAudience = 0

  /** @param {number} ms @param {() => void} act */
  const later = (ms, act) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (!stopped) act()
    }, ms)
    timers.add(timer)
  }

  const hasAudience = () => {
    if (relay.sockets(lead).length > 0) lastAudience = Date.now()
    return Date.now() - lastAudience < AUDIENCE
  }

  /** @param {string} name @param {string} status */
  const setStatus = (name, status) => {
    if (statuses.get(name) === status) return
    statuses.set(name, status)
    relay.emit(lead, { type: 'agent.status.changed', agent: { name }, status })
  }

  /** @param {Step} step @param {string} root @param {string} channel */
  const perform = (step, root, channel) => {
    if ('reply' in step) relay.reply({ from: step.reply[0], to: root, text: step.reply[1] })
    if ('react' in step) relay.react({ from: step.react[0], to: root, emoji: step.react[1] })
    if ('post' in step) relay.post({ from: step.post[0], channel, text: step.post[1] })
    if ('dm' in step) relay.dm({ from: step.dm[0], to: lead, text: step.dm[1] })
    if ('status' in step) setStatus(...step.status)
    if ('event' in step) relay.emit(lead, step.event)
  }

  const pause = () => {
    taken += 1
    return taken < FIRST_STEPS ? FIRST_PAUSE : PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least)
  }

  /** @param {Scene} scene @param {() => void} done */
  const play = ({ channel, by, text, steps }, done) => {
    setStatus(by, 'active')
    const root = relay.post({ from: by, channel, text }).id
    /** @param {number} at */
    const next = (at) => {
      if (!hasAudience()) return later(1_000, () => next(at))
      const step = steps[at]
      if (!step) return done()
      perform(step, root, channel)
      later(pause(), () => next(at + 1))
    }
    later(pause(), () => next(0))
  }

  // Two scenes at a time, so that channels mix as they do when a team works.
  let nextScene = 0
  const talk = () => {
    if (!hasAudience()) return later(200, talk)
    const scene = scenes[nextScene++ % scenes.length]
    if (scene) play(scene, () => later(pause(), talk))
  }
  talk()
  later(400, talk)

  const answer = () => answers[answered++ % answers.length] ?? ''

  /** @param {string} name @param {string} data */
  const hear = (name, data) => {
    const event = JSON.parse(data)
    if (event.message?.agent_name !== lead) return
    const { id, text } = event.message
    const words = text.length > 60 ? `${text.slice(0, 59)}…` : text
    if (event.type === 'dm.received')
      later(ANSWER_AFTER, () => relay.dm({ from: name, to: lead, text: `You wrote "${words}". ${answer()}` }))
    if (event.type !== 'message.created' || hosts[event.channel] !== name) return
    later(ANSWER_AFTER / 2, () => relay.react({ from: name, to: id, emoji: 'eyes' }))
    later(ANSWER_AFTER * 1.5, () => relay.reply({ from: name, to: id, text: answer() }))
  }

  /** @type {Map<string, WebSocket>} */
  const sockets = new Map()
  /** @param {string} name */
  const listen = (name) => {
    const socket = new WebSocket(`${relay.url.replace('http', 'ws')}/v1/ws?token=${tokenOf(name)}`)
    sockets.set(name, socket)
    socket.on('message', (data) => hear(name, String(data)))
    socket.on('error', () => {})
    socket.on('close', () => later(500, () => listen(name)))
  }
  for (const { name } of team) listen(name)

  return {
    /** The agents with what they do now. */
    people: () => team.map((person) => ({ ...person, status: statuses.get(person.name) ?? 'offline' })),
    stop: () => {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets.values()) socket.terminate()
    },
  }
}
