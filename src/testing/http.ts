import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Agent } from './agents.js'
import { parseBody, readBody } from './body.js'
import type { Core } from './core.js'
import { RelayError, describe } from './errors.js'
import { createIdempotency } from './idempotency.js'
import { checkOrigin, corsHeaders, preflightHeaders } from './origin.js'
import type { RelayPublishing } from './publishing.js'
import { createRoutes, type Route } from './routes.js'
import { SOCKET_PATH } from './upgrade.js'

interface Answer {
  readonly status: number
  /** Sent as JSON; an answer without it has no body. */
  readonly body?: unknown
  readonly headers?: OutgoingHttpHeaders
}

const errorAnswer = (error: unknown): Answer => {
  const { status, code, message } =
    error instanceof RelayError ? error : new RelayError('internal_error', String(error))
  return { status, body: { ok: false, error: { code, message } } }
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new RelayError('invalid_request', `path: expected URL-encoded text, got ${describe(part)}`)
  }
}

const targetOf = (url: string): URL => {
  try {
    return new URL(url, 'http://relay')
  } catch {
    throw new RelayError('invalid_request', `path: expected that of a URL, got ${describe(url)}`)
  }
}

const callerOf = ({ agents }: Core, { headers }: IncomingMessage): Agent => {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const agent = token === undefined ? undefined : agents.withToken(token)
  if (agent) return agent
  throw new RelayError(
    'unauthorized',
    'authorization: expected Bearer and the token of an agent, got another or none',
  )
}

/** The answer to a path or a method that the API does not have. */
const noRoute = (onPath: readonly Route[], method: string, pathname: string): Answer => {
  if (onPath.length === 0) {
    return errorAnswer(new RelayError('not_found', `path: expected one of the API, got ${pathname}`))
  }
  const allow = onPath.map((route) => route.method).join(', ')
  const message = `method: expected ${allow} for ${pathname}, got ${method}`
  return { ...errorAnswer(new RelayError('method_not_allowed', message)), headers: { allow } }
}

/** Makes what the server does with a request that is no upgrade. */
export const createHttp = (core: Core, publishing: RelayPublishing) => {
  const { allowedOrigins, maxPayload } = core.settings
  const routes = createRoutes(core, publishing)
  const idempotency = createIdempotency()

  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    const { method = 'GET', url = '/', headers } = request
    checkOrigin(headers, allowedOrigins)
    if (method === 'OPTIONS') return { status: 204, headers: preflightHeaders(headers) }
    const { pathname, searchParams: query } = targetOf(url)
    if (pathname === '/health') return { status: 200, body: { ok: true, data: { status: 'ok' } } }
    if (pathname === SOCKET_PATH) {
      throw new RelayError(
        'upgrade_required',
        `${SOCKET_PATH}: expected an upgrade to a WebSocket, got ${method}`,
      )
    }
    const onPath = routes.filter(({ path }) => path.test(pathname))
    const route = onPath.find((candidate) => candidate.method === method)
    if (!route) return noRoute(onPath, method, pathname)
    const agent = callerOf(core, request)
    const name = decoded(route.path.exec(pathname)?.[1] ?? '')
    const text = await readBody(request, maxPayload)
    const key = headers['idempotency-key']?.toString()
    const data = idempotency.once({ agent: agent.name, key, content: `${method} ${url} ${text}` }, () =>
      route.data({ agent, name, query, body: parseBody(text) }),
    )
    return { status: method === 'POST' ? 201 : 200, body: { ok: true, data } }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body, headers } = await answerTo(request).catch(errorAnswer)
    response.writeHead(status, {
      ...corsHeaders(request.headers, allowedOrigins),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }
}
