import type { Agent } from './agents.js'
import { agentAnswer, channelAnswer, messageAnswer } from './answers.js'
import type { Body } from './body.js'
import type { Core } from './core.js'
import { RelayError, describe } from './errors.js'
import type { RelayPublishing } from './publishing.js'

/** A request, as a route sees it. */
interface RouteRequest {
  readonly agent: Agent
  /** The decoded variable part of the path, or an empty text. */
  readonly name: string
  readonly query: URLSearchParams
  readonly body: Body
}

/** One path and method of the HTTP API. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  /** The `data` of the answer. */
  readonly data: (request: RouteRequest) => unknown
}

/** As many as the deployed relay lists at most, and if not told how many. */
const PAGE = { most: 100, default: 50 }

const limitOf = (query: URLSearchParams): number => {
  const text = query.get('limit')
  if (text === null) return PAGE.default
  const limit = Number(text)
  if (Number.isSafeInteger(limit) && limit > 0) return Math.min(limit, PAGE.most)
  throw new RelayError('invalid_request', `limit: expected a whole number above 0, got ${describe(text)}`)
}

/** Makes the routes that ask for a token. Names and answers are those of the public SDK. */
export const createRoutes = (
  { store, agents, clock }: Core,
  publishing: RelayPublishing,
): readonly Route[] => [
  {
    method: 'POST',
    path: /^\/v1\/channels\/([^/]+)\/messages$/,
    data: ({ agent, name, body }) => publishing.post({ from: agent.name, channel: name, ...body('text') }),
  },
  {
    method: 'GET',
    path: /^\/v1\/channels\/([^/]+)\/messages$/,
    data: ({ name, query }) => {
      const messageId = (bound: string) => {
        const id = query.get(bound)
        return id === null ? null : store.message(id).id
      }
      const page = { limit: limitOf(query), before: messageId('before'), after: messageId('after') }
      return store.messages(store.channel(name).id, page).map((row) => messageAnswer(store, row))
    },
  },
  {
    method: 'POST',
    path: /^\/v1\/messages\/([^/]+)\/replies$/,
    data: ({ agent, name, body }) => publishing.reply({ from: agent.name, to: name, ...body('text') }),
  },
  {
    method: 'POST',
    path: /^\/v1\/messages\/([^/]+)\/reactions$/,
    data: ({ agent, name, body }) => publishing.react({ from: agent.name, to: name, ...body('emoji') }),
  },
  {
    method: 'POST',
    path: /^\/v1\/dm$/,
    data: ({ agent, body }) => publishing.dm({ from: agent.name, ...body('to', 'text') }),
  },
  {
    method: 'GET',
    path: /^\/v1\/agent$/,
    data: ({ agent }) => agentAnswer(agent, agent.sockets.size > 0, clock.now()),
  },
  {
    method: 'GET',
    path: /^\/v1\/channels$/,
    data: () => store.channels().map((row) => channelAnswer(row, agents.chosen(undefined).length)),
  },
]
