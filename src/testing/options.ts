import { RelayError, describe } from './errors.js'

/** Options of `startRelay`. */
export interface RelayOptions {
  /** The port; 0 takes a free one. @default 0 */
  readonly port?: number
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string
  /** `':memory:'`, or the path of a file. A relay on the same file finds what was stored. @default ':memory:' */
  readonly database?: string
  /** Tokens of the agents by name. Agents that a database file knows are added to these. @default {} */
  readonly agents?: Readonly<Record<string, string>>
  /** The channels. Every agent is a member of all of them. @default ['general'] */
  readonly channels?: readonly string[]
  /** Whether `epoch`, `server_time`, `created_at` and `sent_seq` are sent. @default true */
  readonly optionalFields?: boolean
  /** The origins that may connect and call; those without an `Origin` header always may. @default any */
  readonly allowedOrigins?: readonly string[] | undefined
  /** The largest frame and the largest body, in bytes. @default 65536 */
  readonly maxPayload?: number
  /** How many events the ring of an agent holds. @default 500 */
  readonly ringSize?: number
  /** How many rows of each kind a database replay gives. @default 1000 */
  readonly replayLimit?: number
  /** Whether a bad token is refused at the upgrade (HTTP 401), or by close code 1008 after it. @default 'upgrade' */
  readonly refuseTokens?: 'upgrade' | 'close'
  /** The relay's time, in milliseconds since 1970. @default Date.now */
  readonly clock?: () => number
}

/** The options with their defaults. */
export type RelaySettings = Required<RelayOptions>

const countOf = (name: string, value: number): number => {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new RelayError('invalid_request', `${name}: expected a whole number above 0, got ${describe(value)}`)
}

/**
 * Fills in the defaults.
 *
 * @throws RelayError `invalid_request` for a size or limit that is not a whole number above 0.
 */
export const resolveOptions = ({
  port = 0,
  host = '127.0.0.1',
  database = ':memory:',
  agents = {},
  channels = ['general'],
  optionalFields = true,
  allowedOrigins = undefined,
  maxPayload = 64 * 1024,
  ringSize = 500,
  replayLimit = 1_000,
  refuseTokens = 'upgrade',
  clock = Date.now,
}: RelayOptions): RelaySettings => ({
  port,
  host,
  database,
  agents,
  channels,
  optionalFields,
  allowedOrigins,
  maxPayload: countOf('maxPayload', maxPayload),
  ringSize: countOf('ringSize', ringSize),
  replayLimit: countOf('replayLimit', replayLimit),
  refuseTokens,
  clock,
})
