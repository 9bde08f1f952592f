/**
 * What comes over a port, checked: a tab of another build, or any script of the origin, can say what it likes. Limits
 * are far above what an app needs, and keep one tab from using up what is there for all.
 */
import {
  MAX_GROUP_NAME,
  MAX_GROUPS,
  STORAGE_LIMITS,
  type BridgeError,
  type ClientFrame,
  type Hello,
  type Membership,
  type PageView,
} from '../src/bridge.js'
import { encodeError, TabmuxError } from '../src/errors.js'
import type { Clock } from './clock.js'
import { checkerOf, type Check } from './shape.js'

/** How many channels one tab can ask for, and how long their names can be, in UTF-16 units. */
const MAX_CHANNELS = 1_000
const MAX_NAME_LENGTH = 200
/** Names, addresses and ids of anything else. */
const MAX_TEXT_LENGTH = 2_000
/** The longest frame that a tab can send, as JSON in UTF-16 units; as long as the longest that is taken. */
const MAX_SENT_LENGTH = 1_048_576
/** How often a tab can send, or ask for a report, at once, and how many more times each second. */
const MAX_BURST = 1_000
const REFILL_PER_SECOND = 100

const isHello = checkerOf({
  baseUrl: 'string',
  identity: 'string',
  connection: {
    reconnectBaseDelayMs: 'delay',
    reconnectMaxDelayMs: 'delay',
    maxReconnectAttempts: 'amount',
    connectTimeoutMs: 'delay',
    pingIntervalMs: 'delay',
    pongTimeoutMs: 'delay',
    lingerMs: 'time',
    resyncMarginMs: 'time',
  },
  storage: { persist: 'events|cursor|none', maxEntries: 'count', maxAgeMs: 'amount', maxBytes: 'count' },
  'position~': { instance: 'string', offset: 'count' },
})
const areGroups = checkerOf([{ group: 'string', 'begun~': { instance: 'string', offset: 'count' } }])
const isView = checkerOf('visible|hidden|frozen')
const isStart: Check = (from) =>
  from === 'now' || from === 'journal' ? null : checkerOf({ last: 'count' })(from)
const isNames = checkerOf(['string'])
const isText = checkerOf('string')
const isCount = checkerOf('count')
const isFrame = checkerOf({ type: 'string' })

const demand = (problem: string | null, name: string): void => {
  if (problem) throw new TabmuxError('invalid_argument', `${name}${problem}`)
}

const demandText = (value: string, name: string, most = MAX_TEXT_LENGTH): void => {
  if (value.length > 0 && value.length <= most) return
  const message = `${name}: expected 1 to ${most} characters, got ${value.length}`
  throw new TabmuxError('invalid_argument', message)
}

/** @throws {TabmuxError} `invalid_argument` */
export const checkHello = (value: unknown): Hello => {
  demand(isHello(value), 'attach')
  const hello = value as Hello // but for `from` and `channels`, which are next
  demand(isStart(hello.from), 'attach.from')
  for (const key of ['maxEntries', 'maxBytes'] as const) {
    const [asked, most] = [hello.storage[key], STORAGE_LIMITS[key]]
    const isWithin = asked >= 1 && asked <= most
    demand(isWithin ? null : `: expected 1 to ${most}, got ${asked}`, `attach.storage.${key}`)
  }
  demandText(hello.baseUrl, 'attach.baseUrl')
  demand(
    /^https?:\/\//.test(hello.baseUrl) ? null : ': expected an http(s) address, got another',
    'attach.baseUrl',
  )
  demandText(hello.identity, 'attach.identity')
  if (hello.position) demandText(hello.position.instance, 'attach.position.instance')
  checkChannels(hello.channels, 'attach.channels')
  return hello
}

/** @throws {TabmuxError} `invalid_argument` */
export const checkChannels = (value: unknown, name = 'subscribe'): readonly string[] => {
  // Its length first: an array that is empty but for that would take minutes to go through.
  if (Array.isArray(value) && value.length > MAX_CHANNELS) {
    const message = `${name}: expected at most ${MAX_CHANNELS} channels in one page, got ${value.length}`
    throw new TabmuxError('invalid_argument', message)
  }
  demand(isNames(value), name)
  const channels = value as readonly string[] // the line above has said so
  for (const channel of channels) demandText(channel, name, MAX_NAME_LENGTH)
  return channels
}

/** Of one page, or of all. */
export const tooManyGroups = (): TabmuxError =>
  new TabmuxError('limit_exceeded', `on: expected at most ${MAX_GROUPS} groups, got more`)

/** @throws {TabmuxError} `invalid_argument`, `limit_exceeded` */
export const checkGroups = (
  value: unknown,
  view: unknown,
): { readonly groups: readonly Membership[]; readonly view: PageView } => {
  if (Array.isArray(value) && value.length > MAX_GROUPS) throw tooManyGroups()
  demand(areGroups(value), 'on.group')
  demand(isView(view), 'on.group')
  const groups = value as readonly Membership[] // the two lines above have said so
  for (const { group, begun } of groups) {
    demandText(group, 'on.group', MAX_GROUP_NAME)
    if (begun) demandText(begun.instance, 'on.group')
  }
  return { groups, view: view as PageView } // they have said so of this one too
}

/** @throws {TabmuxError} `invalid_argument` */
export const checkLimit = (value: unknown): number => {
  demand(isCount(value), 'history')
  return value as number // the line above has said so
}

/** The name of a lock that a tab holds. @throws {TabmuxError} `invalid_argument` */
export const checkTabLock = (value: unknown): string => {
  demand(isText(value), 'greet')
  const lock = value as string // the line above has said so
  demandText(lock, 'greet')
  if (lock.startsWith('tabmux:tab:')) return lock
  throw new TabmuxError('invalid_argument', 'greet: expected the name of a lock of a tab, got another')
}

/** @throws {TabmuxError} `invalid_argument`, `limit_exceeded` */
export const checkFrame = (value: unknown): ClientFrame => {
  demand(isFrame(value), 'send')
  const checked = value as ClientFrame // the line above has said so
  demandText(checked.type, 'send.type')
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

/** How much one tab may ask for: a bucket that fills again with time. */
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
      const message = `expected at most ${MAX_BURST} frames and reports at once and ${REFILL_PER_SECOND} a second from then on, got more`
      throw new TabmuxError('limit_exceeded', message)
    }
    this.#left -= 1
  }
}

/** What a request comes to: its result, or the error as plain data. */
export const refusal = <T>(request: () => T): T | BridgeError => {
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
