import { describe, expect, test } from 'vitest'
import type { ConnectOptions } from './api.js'
import { TabmuxError } from './errors.js'
import { checkOptions } from './options.js'

const TOKEN = 'at_live_secret'

const worker = (): SharedWorker => {
  throw new Error('not called')
}

const sound: ConnectOptions = { baseUrl: 'https://relay.example', token: TOKEN, worker }

/** What an app without TypeScript may pass. */
const checkAnything = (options: unknown) => checkOptions(options as ConnectOptions)

const checkWith = (changes: Readonly<Record<string, unknown>>) => checkAnything({ ...sound, ...changes })

const errorOf = (check: () => unknown): TabmuxError => {
  try {
    check()
  } catch (error) {
    if (error instanceof TabmuxError) return error
    throw error
  }
  throw new Error('expected an error, got none')
}

const LONGEST_MS = 2_147_483_647
/** One of no length would spin, or always fail. */
const waits = [
  'reconnectBaseDelayMs',
  'reconnectMaxDelayMs',
  'connectTimeoutMs',
  'pingIntervalMs',
  'pongTimeoutMs',
] as const
const mayBeZero = ['lingerMs', 'resyncMarginMs', 'maxReconnectAttempts'] as const
const numbers = [
  ...waits.map((option) => [option, 1] as const),
  ...mayBeZero.map((option) => [option, 0] as const),
]

const JOURNAL = 'journal to be an object with maxEntries, maxAgeMs, maxBytes'

/** Of the journal: each, and the most that it may be. */
const sizes = [
  ['maxEntries', 65_536],
  ['maxAgeMs', LONGEST_MS],
  ['maxBytes', 1_073_741_824],
] as const

/** Each: the option, what is wrong with it, what the message says was expected, and what came. */
const wrong: readonly (readonly [option: string, value: unknown, expected: string, got: string])[] = [
  ['baseUrl', undefined, 'baseUrl to be an http(s) address', 'got undefined'],
  ['baseUrl', null, 'baseUrl to be an http(s) address', 'got null'],
  ['baseUrl', 7, 'baseUrl to be an http(s) address', 'got 7'],
  ['baseUrl', '', 'baseUrl to be an http(s) address', 'got an empty string'],
  ['baseUrl', 'relay.example', 'baseUrl to be an http(s) address', 'got a string of 13 characters'],
  ['token', undefined, 'token to be a token (not empty) or a function that gives one', 'got undefined'],
  ['token', '', 'token to be a token (not empty)', 'got an empty string'],
  ['token', null, 'token to be a token (not empty)', 'got null'],
  // Only its kind: it may be the secret.
  ['token', [TOKEN], 'token to be a token (not empty)', 'got object'],
  ['token', { token: TOKEN }, 'token to be a token (not empty)', 'got object'],
  ['token', 123_456, 'token to be a token (not empty)', 'got number'],
  ['token', true, 'token to be a token (not empty)', 'got boolean'],
  ['worker', undefined, 'worker to be a function that makes the SharedWorker', 'got undefined'],
  [
    'worker',
    '/worker.js',
    'worker to be a function that makes the SharedWorker',
    'got a string of 10 characters',
  ],
  ['signal', {}, 'signal to be an AbortSignal', 'got an object'],
  ['signal', null, 'signal to be an AbortSignal', 'got null'],
  ['logger', () => undefined, 'logger to be an object with methods', 'got a function'],
  ['logger', 'debug', 'logger to be an object with methods', 'got a string of 5 characters'],
  ['trace', () => undefined, 'trace to be an object with methods', 'got a function'],
  ['agent', '', 'agent to be a name (not empty)', 'got an empty string'],
  ['agent', 7, 'agent to be a name (not empty)', 'got 7'],
  ['agent', null, 'agent to be a name (not empty)', 'got null'],
  [
    'from',
    'start',
    "from to be 'now', 'journal' or { last: a whole number }",
    'got a string of 5 characters',
  ],
  ['from', null, "from to be 'now', 'journal' or { last: a whole number }", 'got null'],
  ['from', 7, "from to be 'now', 'journal' or { last: a whole number }", 'got 7'],
  ['from', {}, "from to be 'now', 'journal' or { last: a whole number }", 'object'],
  ['from', { last: -1 }, "from to be 'now', 'journal' or { last: a whole number }", 'object'],
  ['from', { last: 1.5 }, "from to be 'now', 'journal' or { last: a whole number }", 'object'],
  ['from', { last: '7' }, "from to be 'now', 'journal' or { last: a whole number }", 'object'],
  ['persist', 'all', "persist to be 'events', 'cursor' or 'none'", 'got a string of 3 characters'],
  ['persist', '', "persist to be 'events', 'cursor' or 'none'", 'got an empty string'],
  ['persist', null, "persist to be 'events', 'cursor' or 'none'", 'got null'],
  ['persist', true, "persist to be 'events', 'cursor' or 'none'", 'got true'],
  ['persist', ['none'], "persist to be 'events', 'cursor' or 'none'", 'got an array of 1'],
  ['journal', null, JOURNAL, 'got null'],
  ['journal', false, JOURNAL, 'got false'],
  ['journal', 2_048, JOURNAL, 'got 2048'],
  ['journal', 'events', JOURNAL, 'got a string of 6 characters'],
  ['journal', [], JOURNAL, 'got an array of 0'],
  ['journal', () => ({}), JOURNAL, 'got a function'],
  ['journal', { maxEntires: 7 }, JOURNAL, 'one with "maxEntires"'],
  ['journal', { maxEntries: 7, persist: 'none' }, JOURNAL, 'one with "persist"'],
  ['journal', { toString: 7 }, JOURNAL, 'one with "toString"'],
  ...sizes.flatMap(([size, most]) =>
    [
      [0, 'got 0'] as const,
      [-1, 'got -1'] as const,
      [1.5, 'got 1.5'] as const,
      [most + 1, `got ${most + 1}`] as const,
      [Number.NaN, 'got NaN'] as const,
      [Number.NEGATIVE_INFINITY, 'got -Infinity'] as const,
      ...(size === 'maxAgeMs' ? [] : [[Number.POSITIVE_INFINITY, 'got Infinity'] as const]),
      ['1000', 'got a string of 4 characters'] as const,
      [null, 'got null'] as const,
    ].map(
      ([value, got]) =>
        ['journal', { [size]: value }, `${size} to be a whole number from 1 to ${most}`, got] as const,
    ),
  ),
  ...numbers.flatMap(([option, least]) =>
    [
      [-1, 'got -1'] as const,
      ...(least > 0 ? [[0, 'got 0'] as const] : []),
      [1.5, 'got 1.5'] as const,
      [LONGEST_MS + 1, 'got 2147483648'] as const,
      [Number.NaN, 'got NaN'] as const,
      [Number.NEGATIVE_INFINITY, 'got -Infinity'] as const,
      ...(option === 'maxReconnectAttempts' ? [] : [[Number.POSITIVE_INFINITY, 'got Infinity'] as const]),
      ['1000', 'got a string of 4 characters'] as const,
      [null, 'got null'] as const,
    ].map(
      ([value, got]) =>
        [option, value, `${option} to be a whole number from ${least} to ${LONGEST_MS}`, got] as const,
    ),
  ),
]

describe('a wrong option', () => {
  test.each(wrong)('is refused by its name: %s: %j', (option, value, expected, got) => {
    const error = errorOf(() => checkWith({ [option]: value }))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toContain(`expected ${expected}`)
    expect(error.message).toContain(got)
  })

  test.each([
    [[TOKEN], 'object'],
    [{ length: 14 }, 'object'],
    [123_456, 'number'],
    [123_456n, 'bigint'],
    [Symbol(TOKEN), 'symbol'],
    [null, 'null'],
    [undefined, 'undefined'],
    ['', 'an empty string'],
  ])('is a token of which the error says nothing but its kind: %o', (token, kind) => {
    expect(errorOf(() => checkWith({ token })).message).toBe(
      `connect: expected token to be a token (not empty) or a function that gives one, got ${kind}`,
    )
  })

  test.each(wrong)('is refused without the token: %s: %j', (option, value) => {
    expect(errorOf(() => checkWith({ [option]: value })).message).not.toContain(TOKEN)
  })

  test.each([undefined, null, 7, TOKEN])('is %j in the place of all of them', (options) => {
    const error = errorOf(() => checkAnything(options))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toContain('expected its argument to be an object')
    expect(error.message).not.toContain(TOKEN)
  })

  test('is one that there is not, and the error lists those there are', () => {
    const error = errorOf(() => checkWith({ reconnectDelay: 5 }))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toContain('there is no option "reconnectDelay"')
    const own = ['baseUrl', 'token', 'worker', 'agent', 'from', 'journal', 'persist']
    for (const option of [...waits, ...mayBeZero, ...own]) {
      expect(error.message).toContain(option)
    }
  })

  test.each([
    ['a name and a password', `https://name:${TOKEN}@relay.example`, 'one with credentials'],
    ['a name', `https://${TOKEN}@relay.example`, 'one with credentials'],
    ['a password', `https://:${TOKEN}@relay.example`, 'one with credentials'],
    ['a query', `https://relay.example?token=${TOKEN}`, 'one with a query or a fragment'],
    ['a fragment', `https://relay.example/#${TOKEN}`, 'one with a query or a fragment'],
    ['another protocol', `wss://name:${TOKEN}@relay.example?token=${TOKEN}`, 'wss:'],
  ])('is a baseUrl with %s, which is not repeated', (_, baseUrl, got) => {
    const error = errorOf(() => checkWith({ baseUrl }))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toBe(
      `connect: expected baseUrl to be an http(s) address like "https://relay.example.com", got ${got}`,
    )
  })

  test.each([
    ['ws://relay.example', 'ws:'],
    ['wss://relay.example', 'wss:'],
    ['ftp://relay.example', 'ftp:'],
    ['javascript:alert(1)', 'javascript:'],
  ])('is a baseUrl of another protocol, which the error names: %s', (baseUrl, protocol) => {
    const error = errorOf(() => checkWith({ baseUrl }))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toMatch(new RegExp(`got ${protocol}$`))
  })
})

describe('what is not asked for', () => {
  test('has its default', () => {
    expect(checkOptions(sound)).toMatchObject({
      agent: null,
      from: 'now',
      connection: {
        reconnectBaseDelayMs: 1_000,
        reconnectMaxDelayMs: 30_000,
        maxReconnectAttempts: 30,
        connectTimeoutMs: 10_000,
        pingIntervalMs: 30_000,
        pongTimeoutMs: 10_000,
        lingerMs: 30_000,
        resyncMarginMs: 60_000,
      },
      storage: { persist: 'events', maxEntries: 2_048, maxAgeMs: 604_800_000, maxBytes: 67_108_864 },
    })
  })

  test.each([
    ['no size', {}],
    ['sizes that are undefined', { maxEntries: undefined, maxAgeMs: undefined, maxBytes: undefined }],
  ])('has its default in a journal with %s', (_, journal) => {
    expect(checkWith({ journal }).storage).toEqual(checkOptions(sound).storage)
  })

  test.each([...waits, ...mayBeZero, 'agent', 'from', 'journal', 'persist'])(
    'may be undefined as well: %s',
    (option) => {
      const { token: _, ...checked } = checkWith({ [option]: undefined })
      const { token: __, ...expected } = checkOptions(sound)
      expect(checked).toEqual(expected)
    },
  )
})

describe('what is asked for', () => {
  test.each(
    numbers.flatMap(([option, least]) => [least, 7, LONGEST_MS].map((value) => [option, value] as const)),
  )('is taken: %s: %i', (option, value) => {
    const { connection } = checkWith({ [option]: value })
    expect(connection).toEqual({ ...checkOptions(sound).connection, [option]: value })
  })

  test('may be attempts without end', () => {
    const { connection } = checkWith({ maxReconnectAttempts: Number.POSITIVE_INFINITY })
    expect(connection.maxReconnectAttempts).toBe(Number.POSITIVE_INFINITY)
  })

  test.each(sizes.flatMap(([size, most]) => [1, 7, most].map((value) => [size, value] as const)))(
    'is taken: %s: %i, and nothing else of the journal changes',
    (size, value) => {
      const { storage, connection } = checkWith({ journal: { [size]: value } })
      expect(storage).toEqual({ ...checkOptions(sound).storage, [size]: value })
      expect(connection).toEqual(checkOptions(sound).connection)
    },
  )

  test('may be entries of any age', () => {
    const { storage } = checkWith({ journal: { maxAgeMs: Number.POSITIVE_INFINITY } })
    expect(storage.maxAgeMs).toBe(Number.POSITIVE_INFINITY)
  })

  test.each(['events', 'cursor', 'none'])('may be to store %s', (persist) => {
    expect(checkWith({ persist }).storage).toEqual({ ...checkOptions(sound).storage, persist })
  })

  test.each(['now', 'journal', { last: 0 }, { last: 100 }])('may be to start from %j', (from) => {
    expect(checkWith({ from }).from).toEqual(from)
  })

  test('keeps the name of the agent', () => {
    expect(checkWith({ agent: 'alice' }).agent).toBe('alice')
  })

  test('keeps the function that makes the worker', () => {
    expect(checkOptions(sound).worker).toBe(worker)
  })

  test.each([
    ['https://relay.example', 'https://relay.example'],
    ['https://relay.example/', 'https://relay.example'],
    ['https://relay.example/base//', 'https://relay.example/base'],
    ['http://localhost:8080', 'http://localhost:8080'],
  ])('is the relay at %s, kept as %s', (baseUrl, kept) => {
    expect(checkWith({ baseUrl }).baseUrl).toBe(kept)
  })

  test.each([
    ['HTTPS://relay.example', 'https://relay.example'],
    ['https://Relay.Example', 'https://relay.example'],
    [' https://relay.example ', 'https://relay.example'],
    ['https://relay.example/?', 'https://relay.example'],
  ])('is the same relay however it is written: %j', (baseUrl, kept) => {
    expect(checkWith({ baseUrl }).baseUrl).toBe(kept)
  })
})

describe('the token', () => {
  test('that is a string is given as it is', async () => {
    await expect(checkOptions(sound).token()).resolves.toBe(TOKEN)
  })

  test.each([
    ['at once', () => TOKEN],
    ['later', async () => TOKEN],
  ])('that a function gives %s is given', async (_, token) => {
    await expect(checkOptions({ ...sound, token }).token()).resolves.toBe(TOKEN)
  })

  test('is asked for each time', async () => {
    const tokens = ['one', 'two']
    const { token } = checkOptions({ ...sound, token: () => tokens.shift() ?? 'none left' })
    expect([await token(), await token()]).toEqual(['one', 'two'])
  })

  test('is not asked for before it is needed', () => {
    expect(() =>
      checkOptions({
        ...sound,
        token: () => {
          throw new Error('asked')
        },
      }),
    ).not.toThrow()
  })

  test.each([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an empty string', '', 'an empty string'],
    ['an object', { token: TOKEN }, 'object'],
  ])('that is %s is an error', async (_, answer, got) => {
    const { token } = checkWith({ token: () => answer })
    const error = await token().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'TabmuxError', code: 'token_failed' })
    expect(String(error)).toContain(`expected the token function to give a string, got`)
    expect(String(error)).toContain(got)
    expect(String(error)).not.toContain(TOKEN)
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('signed out')
      },
    ],
    ['rejects', () => Promise.reject(new Error('signed out'))],
  ])('of a function that %s is a rejection with its error', async (_, token) => {
    await expect(checkOptions({ ...sound, token }).token()).rejects.toThrow('signed out')
  })
})
