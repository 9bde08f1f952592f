/**
 * What comes over a port, checked: a tab of another build, or any script of the origin, can say what it likes. Limits
 * are far above what an app needs, and keep one tab from using up what is there for all.
 */
import * as z from 'zod/mini'
import type { BridgeError, ClientFrame, Hello } from '../src/bridge.js'
import { encodeError, TabmuxError } from '../src/errors.js'
import type { Clock } from './clock.js'

/** How many channels one tab can ask for, and how long their names can be, in UTF-16 units. */
const MAX_CHANNELS = 1_000
const MAX_NAME_LENGTH = 200
/** Names, addresses and ids of anything else. */
const MAX_TEXT_LENGTH = 2_000
/** The longest frame that a tab can send, as JSON in UTF-16 units; as long as the longest that is taken. */
const MAX_SENT_LENGTH = 1_048_576
/** How many frames a tab can send at once, and how many more each second. */
const MAX_BURST = 1_000
const REFILL_PER_SECOND = 100

const text = z.string().check(z.minLength(1), z.maxLength(MAX_TEXT_LENGTH))
const count = z.int().check(z.nonnegative())
/** Milliseconds and counts that may be without end. */
const amount = z.union([count, z.literal(Number.POSITIVE_INFINITY)])

const ChannelsSchema = z
  .array(z.string().check(z.minLength(1), z.maxLength(MAX_NAME_LENGTH)))
  .check(z.maxLength(MAX_CHANNELS))

const HelloSchema = z.object({
  baseUrl: text.check(z.regex(/^https?:\/\//)),
  identity: text,
  connection: z.object({
    reconnectBaseDelayMs: count,
    reconnectMaxDelayMs: count,
    maxReconnectAttempts: amount,
    connectTimeoutMs: count,
    pingIntervalMs: count,
    pongTimeoutMs: count,
    lingerMs: count,
    resyncMarginMs: count,
  }),
  storage: z.object({
    persist: z.enum(['events', 'cursor', 'none']),
    maxEntries: count,
    maxAgeMs: amount,
    maxBytes: count,
  }),
  position: z.nullable(z.object({ instance: text, offset: count })),
  from: z.union([z.literal('now'), z.literal('journal'), z.object({ last: count })]),
  channels: ChannelsSchema,
})

const FrameSchema = z.looseObject({ type: text })

/** Without the values: a frame may be somebody's message. */
const check = <T extends z.core.$ZodType>(schema: T, name: string, value: unknown): z.core.output<T> => {
  const checked = z.safeParse(schema, value)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const where = [name, ...(issue?.path ?? [])].join('.')
  throw new TabmuxError('invalid_argument', `${where}: ${issue?.message ?? 'is not sound'}`)
}

/** @throws {TabmuxError} `invalid_argument` */
export const checkHello = (hello: unknown): Hello => check(HelloSchema, 'attach', hello)

/** @throws {TabmuxError} `invalid_argument` */
export const checkChannels = (channels: unknown): readonly string[] =>
  check(ChannelsSchema, 'setChannels', channels)

/** @throws {TabmuxError} `invalid_argument` */
export const checkLimit = (limit: unknown): number => check(count, 'history', limit)

/** The name of a lock that a tab holds. @throws {TabmuxError} `invalid_argument` */
export const checkTabLock = (lock: unknown): string =>
  check(text.check(z.startsWith('tabmux:tab:')), 'greet', lock)

/** @throws {TabmuxError} `invalid_argument`, `limit_exceeded` */
export const checkFrame = (frame: unknown): ClientFrame => {
  const checked = check(FrameSchema, 'send', frame)
  if (checked.type === 'resync') {
    throw new TabmuxError('invalid_argument', 'send: "resync" is for the hub to send, it holds the cursor')
  }
  const { length } = JSON.stringify(checked)
  if (length > MAX_SENT_LENGTH) {
    const message = `send: expected a frame of at most ${MAX_SENT_LENGTH} characters, got ${length}`
    throw new TabmuxError('limit_exceeded', message)
  }
  return checked
}

/** How much one tab may send: a bucket that fills again with time. */
export class Allowance {
  readonly #clock: Clock
  #left = MAX_BURST
  #at: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#at = clock.now()
  }

  /** @throws {TabmuxError} `limit_exceeded` */
  take(): void {
    const now = this.#clock.now()
    const refill = (Math.max(0, now - this.#at) / 1_000) * REFILL_PER_SECOND
    this.#left = Math.min(MAX_BURST, this.#left + refill)
    this.#at = now
    if (this.#left < 1) {
      const message = `send: expected at most ${MAX_BURST} frames at once and ${REFILL_PER_SECOND} a second from then on, got more`
      throw new TabmuxError('limit_exceeded', message)
    }
    this.#left -= 1
  }
}

/** What a request comes to: its result, or the error as plain data. */
export const refusal = (request: () => BridgeError | null): BridgeError | null => {
  try {
    return request()
  } catch (error) {
    return encodeError(
      error instanceof TabmuxError
        ? error
        : new TabmuxError('invalid_argument', `the request failed: ${error}`),
    )
  }
}
