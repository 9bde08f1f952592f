/** Checks what the app passes in. Errors say what was expected and what came, and never quote a token. */
import type { ConnectOptions, Trace } from './api.js'
import {
  STORAGE_LIMITS,
  type ConnectionOptions,
  type Persist,
  type StartFrom,
  type StorageOptions,
} from './bridge.js'
import { describe, TabmuxError } from './errors.js'
import { defaultLogger, type Logger } from './logger.js'

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

/** The defaults of what is stored; `StorageOptions` documents each. */
const storageDefaults = {
  maxEntries: 2_048,
  maxAgeMs: 604_800_000,
  maxBytes: 67_108_864,
} satisfies Omit<StorageOptions, 'persist'>

/** Options that have been checked, with the defaults filled in. */
export interface CheckedOptions {
  readonly baseUrl: string
  readonly token: () => Promise<string>
  readonly worker: () => SharedWorker
  readonly agent: string | null
  readonly from: StartFrom
  readonly connection: ConnectionOptions
  readonly storage: StorageOptions
  readonly signal: AbortSignal | null
  readonly logger: Logger
  readonly trace: Trace | null
}

/** @param got how it reads, if not as any other value of its kind */
const invalid = (name: string, expected: string, value: unknown, got = describe(value)): TabmuxError =>
  new TabmuxError('invalid_options', `connect: expected ${name} to be ${expected}, got ${got}`)

const checkBaseUrl = (baseUrl: unknown): string => {
  const expected = 'an http(s) address like "https://relay.example.com"'
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) throw invalid('baseUrl', expected, baseUrl)
  const { protocol, origin, pathname, username, password, search, hash } = new URL(baseUrl)
  const unwanted = [
    [protocol !== 'http:' && protocol !== 'https:', protocol],
    [username || password, 'one with credentials'],
    [search || hash, 'one with a query or a fragment'],
  ].find(([isUnwanted]) => isUnwanted)
  if (unwanted) throw invalid('baseUrl', expected, baseUrl, String(unwanted[1]))
  return `${origin}${pathname}`.replace(/\/+$/, '')
}

const checkToken = (token: unknown): (() => Promise<string>) => {
  const expected = 'a token (not empty) or a function that gives one'
  if (typeof token === 'string' && token !== '') return async () => token
  if (typeof token !== 'function') {
    // Whatever was given may be the secret: its kind is named and not its value.
    const got = token === '' ? 'an empty string' : token === null ? 'null' : typeof token
    throw invalid('token', expected, token, got)
  }
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

/** The others are waits or sizes: a wait of no length would spin or always fail. */
const mayBeZero = new Set<string>(['maxReconnectAttempts', 'lingerMs', 'resyncMarginMs'])
const mayBeInfinite = new Set<string>(['maxReconnectAttempts', 'maxAgeMs'])
/** A timer cannot wait longer than this: it would fire at once. */
const LONGEST_MS = 2_147_483_647
const most: { readonly [key: string]: number } = STORAGE_LIMITS

/** The numbers that are given, the defaults for the others. */
const checkNumbers = <T extends { readonly [K in keyof T]: number }>(
  options: Readonly<Record<string, unknown>>,
  defaults: T,
): T => {
  const checked: { [key: string]: number } = { ...defaults }
  for (const key of Object.keys(defaults)) {
    const value = options[key]
    if (value === undefined) continue
    const isInfinite = mayBeInfinite.has(key) && value === Number.POSITIVE_INFINITY
    const [from, to] = [mayBeZero.has(key) ? 0 : 1, most[key] ?? LONGEST_MS]
    const isSound = typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
    if (!isSound && !isInfinite) throw invalid(key, `a whole number from ${from} to ${to}`, value)
    checked[key] = value as number // one of the two tests above has said so
  }
  return checked as T // it has the keys of the defaults, and a number under each
}

const isPersist = (value: unknown): value is Persist =>
  value === 'events' || value === 'cursor' || value === 'none'

const checkStorage = ({
  journal = {},
  persist = 'events',
}: Readonly<Record<string, unknown>>): StorageOptions => {
  if (!isPersist(persist)) throw invalid('persist', "'events', 'cursor' or 'none'", persist)
  const expected = `an object with ${Object.keys(storageDefaults).join(', ')}`
  if (typeof journal !== 'object' || journal === null || Array.isArray(journal)) {
    throw invalid('journal', expected, journal)
  }
  const unknown = Object.keys(journal).find((key) => !Object.hasOwn(storageDefaults, key))
  if (unknown !== undefined) throw invalid('journal', expected, journal, `one with "${unknown}"`)
  // An object, and each of its fields is looked at next.
  return { persist, ...checkNumbers(journal as Readonly<Record<string, unknown>>, storageDefaults) }
}

const own = ['baseUrl', 'token', 'worker', 'agent', 'from', 'journal', 'persist', 'signal', 'logger', 'trace']
const known = new Set([...Object.keys(connectionDefaults), ...own])

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
  const { agent, worker, signal } = fields
  if (agent !== undefined && (typeof agent !== 'string' || agent === '')) {
    throw invalid('agent', 'a name (not empty)', agent)
  }
  if (typeof worker !== 'function') {
    throw invalid('worker', 'a function that makes the SharedWorker (see the README)', worker)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid('signal', 'an AbortSignal', signal)
  }
  for (const name of ['logger', 'trace']) {
    // Which methods it has is looked at when they are called.
    if (typeof (fields[name] ?? {}) !== 'object') throw invalid(name, 'an object with methods', fields[name])
  }
  return {
    baseUrl: checkBaseUrl(fields['baseUrl']),
    token: checkToken(fields['token']),
    worker: options.worker,
    agent: agent ?? null,
    from: checkFrom(fields['from']),
    connection: checkNumbers(fields, connectionDefaults),
    storage: checkStorage(fields),
    signal: signal ?? null,
    logger: options.logger ?? defaultLogger,
    trace: options.trace ?? null,
  }
}
