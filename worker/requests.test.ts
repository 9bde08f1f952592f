import { describe, expect, test } from 'vitest'
import type { Hello } from '../src/bridge.js'
import { TabmuxError } from '../src/errors.js'
import { HandClock } from './hand-clock.js'
import { storageDefaults } from './fakes/journal.js'
import {
  Allowance,
  checkChannels,
  checkFrame,
  checkGroups,
  checkHello,
  checkLimit,
  checkTabLock,
  refusal,
} from './requests.js'

/** In every unsound value that has room for it, and in no message. */
const SECRET = 'at_live_secret'

const sound: Hello = {
  baseUrl: 'https://relay.example/base',
  identity: 'alice@relay.example',
  connection: {
    reconnectBaseDelayMs: 1_000,
    reconnectMaxDelayMs: 30_000,
    maxReconnectAttempts: 30,
    connectTimeoutMs: 10_000,
    pingIntervalMs: 30_000,
    pongTimeoutMs: 10_000,
    lingerMs: 0,
    resyncMarginMs: 60_000,
  },
  storage: storageDefaults,
  position: { instance: 'run 1', offset: 7 },
  from: 'now',
  channels: ['general', '@self'],
}

/** What is thrown; a check that throws anything but its own error fails the test. */
const errorOf = (check: () => unknown): TabmuxError => {
  try {
    check()
  } catch (error) {
    if (error instanceof TabmuxError) return error
    throw error
  }
  throw new Error('expected an error, got none')
}

/** The value with one field, deep inside perhaps, changed: `['storage', 'persist']`. */
const changed = (value: object, [field = '', ...inside]: readonly string[], to: unknown): object => {
  const fields = value as Readonly<Record<string, unknown>> // to name a field by a string
  const inner = fields[field]
  const next = inside.length > 0 && typeof inner === 'object' && inner ? changed(inner, inside, to) : to
  return { ...fields, [field]: next }
}

/** With every path down to its leaves. */
const pathsOf = (value: object, above: readonly string[] = []): readonly (readonly string[])[] =>
  Object.entries(value).flatMap(([key, inner]) => {
    const path = [...above, key]
    const isBranch = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return isBranch ? [path, ...pathsOf(inner, path)] : [path]
  })

const text = (length: number): string => 'x'.repeat(length)

const names = (count: number, length = 1): string[] => Array.from({ length: count }, () => text(length))

const expectRefusal = (check: () => unknown, where: string): void => {
  const error = errorOf(check)
  expect(error.code).toBe('invalid_argument')
  expect(error.message).toContain(where)
  expect(error.message).not.toContain(SECRET)
}

describe('a hello', () => {
  test('that is sound comes out as it is', () => {
    expect(checkHello(sound)).toEqual(sound)
  })

  test.each<readonly [readonly string[], unknown]>([
    [['baseUrl'], 'http://localhost:8080'],
    [['baseUrl'], `https://${text(1_992)}`],
    [['identity'], text(2_000)],
    [['connection', 'maxReconnectAttempts'], Number.POSITIVE_INFINITY],
    [['connection', 'maxReconnectAttempts'], 0],
    [['storage', 'maxAgeMs'], Number.POSITIVE_INFINITY],
    [['storage', 'persist'], 'cursor'],
    [['storage', 'persist'], 'none'],
    [['position'], null],
    [['position', 'offset'], 0],
    [['position', 'offset'], Number.MAX_SAFE_INTEGER],
    [['position', 'instance'], text(2_000)],
    [['from'], 'journal'],
    [['from'], { last: 0 }],
    [['from'], { last: Number.MAX_SAFE_INTEGER }],
    [['channels'], []],
    [['channels'], names(1_000, 200)],
  ])('may have as %j %o', (path, value) => {
    const hello = changed(sound, path, value)
    expect(checkHello(hello)).toEqual(hello)
  })

  /** Fits nothing. */
  const unfit = [undefined, true, -7, 0.5, Number.NaN, [{}], { [SECRET]: 1 }]

  test.each(pathsOf(sound).map((path) => [path.join('.'), path] as const))(
    'is refused if its %s is of no kind that it can be',
    (_, path) => {
      for (const value of unfit) {
        expectRefusal(() => checkHello(changed(sound, path, value)), `attach.${path[0]}`)
      }
    },
  )

  const texts = new Set(['identity', 'position.instance'])

  test.each(
    pathsOf(sound)
      .map((path) => [path.join('.'), path] as const)
      .filter(([name]) => !texts.has(name)),
  )('is refused if its %s is any text', (_, path) => {
    expectRefusal(() => checkHello(changed(sound, path, SECRET)), `attach.${path[0]}`)
  })

  test.each<readonly [readonly string[], unknown]>([
    [['baseUrl'], `wss://${SECRET}`],
    [['baseUrl'], `javascript:${SECRET}//https://`],
    [['baseUrl'], `https://${text(1_993)}`],
    [['baseUrl'], ''],
    [['identity'], ''],
    [['identity'], text(2_001)],
    [['connection'], null],
    [['connection', 'lingerMs'], Number.POSITIVE_INFINITY],
    [['connection', 'reconnectMaxDelayMs'], Number.POSITIVE_INFINITY],
    [['connection', 'pingIntervalMs'], 2 ** 53],
    [['connection', 'connectTimeoutMs'], '1000'],
    [['storage'], null],
    [['storage', 'persist'], 'all'],
    [['storage', 'maxEntries'], Number.POSITIVE_INFINITY],
    [['storage', 'maxBytes'], Number.POSITIVE_INFINITY],
    [['storage', 'maxAgeMs'], Number.NEGATIVE_INFINITY],
    [['position', 'offset'], -1],
    [['position', 'offset'], 2 ** 53],
    [['position', 'instance'], ''],
    [['position', 'instance'], text(2_001)],
    [['from'], 'start'],
    [['from'], { last: -1 }],
    [['from'], { last: Number.POSITIVE_INFINITY }],
    [['from'], {}],
    [['channels'], names(1_001)],
    [['channels'], names(1, 201)],
    [['channels'], ['general', '']],
    [['channels'], ['general', 7]],
    [['channels'], 'general'],
  ])('is refused with %j as %o', (path, value) => {
    expectRefusal(() => checkHello(changed(sound, path, value)), `attach.${path[0]}`)
  })

  test.each([undefined, null, 7, SECRET, [], [sound], () => sound])('is refused if it is %o', (hello) => {
    expectRefusal(() => checkHello(hello), 'attach')
  })
})

describe('channels', () => {
  test.each([[[]], [['general']], [names(1_000)], [names(1, 200)]])('may be %o', (channels) => {
    expect(checkChannels(channels)).toEqual(channels)
  })

  test.each<unknown>([
    undefined,
    null,
    SECRET,
    { 0: SECRET, length: 1 },
    [SECRET, ''],
    [SECRET, 7],
    [[SECRET]],
    names(1_001),
    names(1, 201),
  ])('are refused if they are %o', (channels) => {
    expectRefusal(() => checkChannels(channels), 'subscribe')
  })
})

describe('groups', () => {
  const begun = { instance: 'run 1', offset: 7 }

  test.each([
    [[]],
    [[{ group: 'sounds', begun: null }]],
    [[{ group: text(200), begun }]],
    [Array.from({ length: 32 }, (_, index) => ({ group: `group ${index}`, begun }))],
  ])('are let through: %j', (groups) => {
    expect(checkGroups(groups, 'visible')).toEqual({ groups, view: 'visible' })
  })

  test.each([
    ['no list', SECRET],
    ['a list of names', [SECRET]],
    ['no name', [{ begun }]],
    ['an empty name', [{ group: '', begun }]],
    ['a name that is too long', [{ group: text(201), begun }]],
    ['a name that is a number', [{ group: 7, begun }]],
    ['no word of what has begun', [{ group: 'sounds' }]],
    ['a place of no run', [{ group: 'sounds', begun: { offset: 7 } }]],
    ['a run of an empty name', [{ group: 'sounds', begun: { instance: '', offset: 7 } }]],
    ['an offset below 0', [{ group: 'sounds', begun: { ...begun, offset: -1 } }]],
    ['an offset as text', [{ group: 'sounds', begun: { ...begun, offset: SECRET } }]],
    // oxlint-disable-next-line no-sparse-arrays -- a structured clone keeps holes
    ['a hole', [,]],
  ])('are refused with %s', (_, groups) => {
    expectRefusal(() => checkGroups(groups, 'visible'), 'on.group')
  })

  test.each([undefined, null, 'seen', SECRET, true, {}])('are refused from a page that is %j', (view) => {
    expectRefusal(() => checkGroups([], view), 'on.group')
  })

  test('are 32 in one page at the most', () => {
    const many = Array.from({ length: 33 }, (_, index) => ({ group: `group ${index}`, begun: null }))
    expect(errorOf(() => checkGroups(many, 'visible')).code).toBe('limit_exceeded')
  })
})

describe('how much of the history is wanted', () => {
  test.each([0, 1, 50, Number.MAX_SAFE_INTEGER])('may be %i', (limit) => {
    expect(checkLimit(limit)).toBe(limit)
  })

  test.each<unknown>([
    undefined,
    null,
    -1,
    0.5,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    SECRET,
    '7',
    [7],
  ])('is refused if it is %o', (limit) => {
    expectRefusal(() => checkLimit(limit), 'history')
  })
})

describe("the name of a tab's lock", () => {
  test.each(['tabmux:tab:00000000-0000-4000-8000-000000000000', `tabmux:tab:${text(1_989)}`])(
    'may be %s',
    (lock) => {
      expect(checkTabLock(lock)).toBe(lock)
    },
  )

  test.each<unknown>([
    undefined,
    null,
    7,
    '',
    SECRET,
    `tabmux:${SECRET}`,
    `tabmux:worker:${SECRET}`,
    ` tabmux:tab:${SECRET}`,
    `tabmux:tab:${text(1_990)}`,
    [`tabmux:tab:${SECRET}`],
  ])('is refused if it is %o', (lock) => {
    expectRefusal(() => checkTabLock(lock), 'greet')
  })
})

describe('a frame', () => {
  test.each([
    { type: 'typing' },
    { type: 'subscribe', channels: ['general'] },
    { type: 'novel', anything: { at: ['all', null, 7] } },
  ])('may be %o', (frame) => {
    expect(checkFrame(frame)).toEqual(frame)
  })

  test.each<unknown>([
    undefined,
    null,
    7,
    SECRET,
    [],
    [{ type: SECRET }],
    {},
    { type: '' },
    { type: 7 },
    { type: null, text: SECRET },
    { type: text(2_001) },
    { text: SECRET },
  ])('is refused if it is %o', (frame) => {
    expectRefusal(() => checkFrame(frame), 'send')
  })

  test('is refused if it is a resync, which is for the hub to send', () => {
    const error = errorOf(() => checkFrame({ type: 'resync', last_seen_seq: 0, since: SECRET }))
    expect(error.code).toBe('invalid_argument')
    expect(error.message).not.toContain(SECRET)
  })

  test('may be as long as the longest that is taken, and no longer', () => {
    const around = JSON.stringify({ type: 'x', text: '' }).length
    expect(() => checkFrame({ type: 'x', text: text(1_048_576 - around) })).not.toThrow()
    const error = errorOf(() => checkFrame({ type: 'x', text: text(1_048_577 - around) }))
    expect(error.code).toBe('limit_exceeded')
    expect(error.message).toContain('at most 1048576 characters, got 1048577')
    expect(error.message).not.toContain('xxx')
  })

  test('is measured as it is sent: with what its characters become', () => {
    expect(errorOf(() => checkFrame({ type: 'x', text: '\n'.repeat(600_000) })).code).toBe('limit_exceeded')
  })

  test.each<readonly [string, () => unknown]>([
    ['a bigint', () => ({ type: 'x', text: SECRET, amount: 7n })],
    [
      'itself',
      () => {
        const frame: Record<string, unknown> = { type: 'x', text: SECRET }
        return (frame['self'] = frame)
      },
    ],
  ])('is refused if it cannot be sent, since it holds %s', (_, make) => {
    const refused = refusal(() => (checkFrame(make()), null))
    expect(refused?.code).toBe('invalid_argument')
    expect(refused?.message).not.toContain(SECRET)
  })
})

describe('the allowance', () => {
  const MAX_BURST = 1_000

  /** How many frames it lets through at once, of `asked`. */
  const taken = (allowance: Allowance, asked: number): number => {
    let count = 0
    for (let index = 0; index < asked; index++) {
      if (refusal(() => (allowance.take(), null)) === null) count += 1
    }
    return count
  }

  test('is 1,000 frames at once, and then none', () => {
    const allowance = new Allowance(new HandClock())
    expect(taken(allowance, MAX_BURST)).toBe(MAX_BURST)
    const error = errorOf(() => allowance.take())
    expect(error.code).toBe('limit_exceeded')
    expect(error.message).toContain('1000 frames and reports at once and 100 a second')
  })

  test('grows by 100 a second', () => {
    const clock = new HandClock()
    const allowance = new Allowance(clock)
    taken(allowance, MAX_BURST)
    clock.advance(1_000)
    expect(taken(allowance, MAX_BURST)).toBe(100)
    clock.advance(10)
    expect(taken(allowance, MAX_BURST)).toBe(1)
  })

  test('grows also while it is asked all the time', () => {
    const clock = new HandClock()
    const allowance = new Allowance(clock)
    taken(allowance, MAX_BURST)
    let count = 0
    for (let ms = 0; ms < 1_000; ms++) {
      clock.advance(1)
      count += taken(allowance, 1)
    }
    expect(count).toBeGreaterThanOrEqual(99)
    expect(count).toBeLessThanOrEqual(100)
  })

  test('grows no further than where it began', () => {
    const clock = new HandClock()
    const allowance = new Allowance(clock)
    clock.advance(3_600_000)
    expect(taken(allowance, 2 * MAX_BURST)).toBe(MAX_BURST)
  })

  test('does not shrink, nor grow, when the clock is set back', () => {
    let now = 10_000
    const allowance = new Allowance({ now: () => now, after: () => () => undefined })
    expect(taken(allowance, 400)).toBe(400)
    now = 0
    expect(taken(allowance, MAX_BURST)).toBe(600)
    now = 1_000
    expect(taken(allowance, MAX_BURST)).toBe(100)
  })

  test('is for one tab alone', () => {
    const clock = new HandClock()
    const [one, other] = [new Allowance(clock), new Allowance(clock)]
    taken(one, MAX_BURST)
    expect(taken(other, MAX_BURST)).toBe(MAX_BURST)
  })
})

describe('a refusal', () => {
  test('is nothing where nothing is thrown', () => {
    expect(refusal(() => null)).toBeNull()
  })

  test('is what the request answers', () => {
    const answer = { code: 'not_connected', message: 'not open' } as const
    expect(refusal(() => answer)).toEqual(answer)
  })

  test('is the error, as plain data', () => {
    const thrown = new TabmuxError('limit_exceeded', 'too much')
    const refused = refusal(() => {
      throw thrown
    })
    expect(refused).toEqual({ code: 'limit_exceeded', message: 'too much' })
    expect(structuredClone(refused)).toEqual(refused)
  })

  test('has a code also where the error has none', () => {
    const refused = refusal(() => {
      throw new RangeError('too deep')
    })
    expect(refused?.code).toBe('invalid_argument')
  })
})
