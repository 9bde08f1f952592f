/** Checks what the app passes in. Errors say what was expected and what came, and never quote a token. */
import type { ConnectOptions } from './api.js'
import type { ConnectionOptions, StartFrom } from './bridge.js'
import { describe, TabmuxError } from './errors.js'

/** The defaults of everything about the connection; `ConnectionOptions` documents each. */
const connectionDefaults: ConnectionOptions = {
  reconnectBaseDelayMs: 1_000,
  reconnectMaxDelayMs: 30_000,
  maxReconnectAttempts: 30,
  connectTimeoutMs: 10_000,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
  lingerMs: 30_000,
  resyncMarginMs: 60_000,
}

/** Options that have been checked, with the defaults filled in. */
export interface CheckedOptions {
  readonly baseUrl: string
  readonly token: () => Promise<string>
  readonly worker: () => SharedWorker
  readonly agent: string | null
  readonly from: StartFrom
  readonly connection: ConnectionOptions
}

const invalid = (name: string, expected: string, got: unknown): TabmuxError =>
  new TabmuxError('invalid_options', `connect: expected ${name} to be ${expected}, got ${describe(got)}`)

const checkBaseUrl = (baseUrl: unknown): string => {
  const expected = 'an http(s) address like "https://relay.example.com"'
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) throw invalid('baseUrl', expected, baseUrl)
  const { protocol, username, password, search, hash } = new URL(baseUrl)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw invalid('baseUrl', expected, `${protocol} as its protocol`)
  if (username || password || search || hash) {
    throw new TabmuxError(
      'invalid_options',
      'connect: expected baseUrl without credentials, query or fragment',
    )
  }
  return baseUrl.replace(/\/+$/, '')
}

const checkToken = (token: unknown): (() => Promise<string>) => {
  const expected = 'a token (not empty) or a function that gives one'
  if (typeof token === 'string' && token !== '') return async () => token
  if (typeof token !== 'function') throw invalid('token', expected, token)
  return async () => {
    const answer: unknown = await token()
    if (typeof answer === 'string' && answer !== '') return answer
    throw new TabmuxError(
      'token_failed',
      `expected the token function to give a string, got ${describe(answer)}`,
    )
  }
}

const checkFrom = (from: unknown): StartFrom => {
  if (from === undefined) return 'now'
  if (from === 'now' || from === 'journal') return from
  const last: unknown = typeof from === 'object' && from !== null && 'last' in from ? from.last : undefined
  if (typeof last === 'number' && Number.isSafeInteger(last) && last >= 0) return { last }
  throw invalid('from', "'now', 'journal' or { last: a whole number }", from)
}

/** A timer cannot wait longer than this: it would fire at once. */
const LONGEST_MS = 2_147_483_647

const checkConnection = (options: Readonly<Record<string, unknown>>): ConnectionOptions => {
  const checked = { ...connectionDefaults }
  for (const key of Object.keys(connectionDefaults) as (keyof ConnectionOptions)[]) {
    const value = options[key]
    if (value === undefined) continue
    const isInfinite = key === 'maxReconnectAttempts' && value === Number.POSITIVE_INFINITY
    const isSound = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LONGEST_MS
    if (!isSound && !isInfinite) throw invalid(key, `a whole number from 0 to ${LONGEST_MS}`, value)
    checked[key] = value as number // one of the two tests above has said so
  }
  return checked
}

const known = new Set([...Object.keys(connectionDefaults), 'baseUrl', 'token', 'worker', 'agent', 'from'])

/** @throws {TabmuxError} `invalid_options` */
export const checkOptions = (options: ConnectOptions): CheckedOptions => {
  const given: unknown = options
  if (typeof given !== 'object' || given === null) throw invalid('its argument', 'an object', given)
  // Callers without TypeScript can pass anything; from here each field is looked at for what it is.
  const fields = given as Readonly<Record<string, unknown>>
  const unknown = Object.keys(fields).find((key) => !known.has(key))
  if (unknown !== undefined) {
    throw new TabmuxError(
      'invalid_options',
      `connect: there is no option "${unknown}"; there are: ${[...known].join(', ')}`,
    )
  }
  const { agent, worker } = fields
  if (agent !== undefined && (typeof agent !== 'string' || agent === '')) {
    throw invalid('agent', 'a name (not empty)', agent)
  }
  if (typeof worker !== 'function') {
    throw invalid('worker', 'a function that makes the SharedWorker (see the README)', worker)
  }
  return {
    baseUrl: checkBaseUrl(fields['baseUrl']),
    token: checkToken(fields['token']),
    worker: options.worker,
    agent: agent ?? null,
    from: checkFrom(fields['from']),
    connection: checkConnection(fields),
  }
}
