import { RelayError, describe } from './errors.js'
import { Feed, type FeedOptions } from './feed.js'
import type { RelaySocket } from './socket.js'
import type { Store, StoredAgent } from './store.js'

/** An agent: what is stored of it, and what it has while the relay runs. */
export interface Agent extends StoredAgent {
  readonly feed: Feed
  readonly sockets: Set<RelaySocket>
}

/** The agents of the relay. */
export interface Agents {
  /** Adds an agent, or gives one another token; its sockets and its counter stay. */
  add(name: string, token: string): void
  /** @throws RelayError `not_found` */
  named(name: string): Agent
  withToken(token: string): Agent | undefined
  /** The agent of that name, or all of them. */
  chosen(name: string | undefined): readonly Agent[]
}

const textOf = (name: string, value: unknown): void => {
  if (typeof value === 'string' && value !== '') return
  throw new RelayError('invalid_request', `${name}: expected a text, got ${describe(value)}`)
}

/** Makes the list of agents, with those that are stored. */
export const createAgents = (store: Store, feedOptions: Omit<FeedOptions, 'send'>): Agents => {
  const byName = new Map<string, Agent>()

  const load = (): void => {
    for (const row of store.agents()) {
      const { sockets, feed } = byName.get(row.name) ?? open()
      byName.set(row.name, { ...row, sockets, feed })
    }
  }
  const open = (): Pick<Agent, 'sockets' | 'feed'> => {
    const sockets = new Set<RelaySocket>()
    const send = (text: string): void => sockets.forEach((socket) => socket.send(text))
    return { sockets, feed: new Feed({ ...feedOptions, send }) }
  }
  const withToken = (token: string): Agent | undefined =>
    [...byName.values()].find((agent) => agent.token === token)
  const named = (name: string): Agent => {
    const agent = byName.get(name)
    if (agent) return agent
    const known = [...byName.keys()].join(', ') || 'none'
    throw new RelayError('not_found', `agent: expected one of ${known}, got ${describe(name)}`)
  }

  load()
  return {
    add: (name, token) => {
      textOf('name', name)
      textOf('token', token)
      const holder = withToken(token)
      if (holder && holder.name !== name) {
        throw new RelayError(
          'conflict',
          `token: expected one of its own for ${name}, got that of ${holder.name}`,
        )
      }
      store.addAgent(name, token, feedOptions.now())
      load()
    },
    named,
    withToken,
    chosen: (name) => (name === undefined ? [...byName.values()] : [named(name)]),
  }
}
