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

const wholeNumber = 'a whole number from 0 to 2147483647'
const milliseconds = [
  'reconnectBaseDelayMs',
  'reconnectMaxDelayMs',
  'connectTimeoutMs',
  'pingIntervalMs',
  'pongTimeoutMs',
  'lingerMs',
  'resyncMarginMs',
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
  ['token', [TOKEN], 'token to be a token (not empty)', 'got an array of 1'],
  ['worker', undefined, 'worker to be a function that makes the SharedWorker', 'got undefined'],
  [
    'worker',
    '/worker.js',
    'worker to be a function that makes the SharedWorker',
    'got a string of 10 characters',
  ],
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
  ...milliseconds.flatMap((option) => [
    [option, -1, `${option} to be ${wholeNumber}`, 'got -1'] as const,
    [option, 1.5, `${option} to be ${wholeNumber}`, 'got 1.5'] as const,
    [option, 2_147_483_648, `${option} to be ${wholeNumber}`, 'got 2147483648'] as const,
    [option, Number.NaN, `${option} to be ${wholeNumber}`, 'got NaN'] as const,
    [option, Number.POSITIVE_INFINITY, `${option} to be ${wholeNumber}`, 'got Infinity'] as const,
    [option, '1000', `${option} to be ${wholeNumber}`, 'got a string of 4 characters'] as const,
    [option, null, `${option} to be ${wholeNumber}`, 'got null'] as const,
  ]),
  ['maxReconnectAttempts', -1, `maxReconnectAttempts to be ${wholeNumber}`, 'got -1'],
  ['maxReconnectAttempts', 1.5, `maxReconnectAttempts to be ${wholeNumber}`, 'got 1.5'],
  ['maxReconnectAttempts', Number.NaN, `maxReconnectAttempts to be ${wholeNumber}`, 'got NaN'],
  ['maxReconnectAttempts', Number.NEGATIVE_INFINITY, 'maxReconnectAttempts to be', 'got -Infinity'],
]

describe('a wrong option', () => {
  test.each(wrong)('is refused by its name: %s: %j', (option, value, expected, got) => {
    const error = errorOf(() => checkWith({ [option]: value }))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toContain(`expected ${expected}`)
    expect(error.message).toContain(got)
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
    for (const option of [
      ...milliseconds,
      'maxReconnectAttempts',
      'baseUrl',
      'token',
      'worker',
      'agent',
      'from',
    ]) {
      expect(error.message).toContain(option)
    }
  })

  test.each([
    ['a name and a password', 'https://name:password@relay.example'],
    ['a query', `https://relay.example?token=${TOKEN}`],
    ['a fragment', 'https://relay.example/#top'],
  ])('is a baseUrl with %s, which is not repeated', (_, baseUrl) => {
    const error = errorOf(() => checkWith({ baseUrl }))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toContain('expected baseUrl without credentials, query or fragment')
    expect(error.message).not.toMatch(/password|secret|top/)
  })

  test.each(['ws://relay.example', 'wss://relay.example', 'ftp://relay.example', 'javascript:alert(1)'])(
    'is a baseUrl that is no http address: %s',
    (baseUrl) => {
      expect(errorOf(() => checkWith({ baseUrl }))).toMatchObject({ code: 'invalid_options' })
    },
  )

  test('is a baseUrl of another protocol, which the error names', () => {
    expect(errorOf(() => checkWith({ baseUrl: 'wss://relay.example' })).message).toContain('got wss:')
  })

  test('is a token that is a number, which the error does not repeat', () => {
    expect(errorOf(() => checkWith({ token: 123_456 })).message).not.toContain('123456')
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
    })
  })

  test.each([...milliseconds, 'maxReconnectAttempts', 'agent', 'from'])(
    'may be undefined as well: %s',
    (option) => {
      const { token: _, ...checked } = checkWith({ [option]: undefined })
      const { token: __, ...expected } = checkOptions(sound)
      expect(checked).toEqual(expected)
    },
  )
})

describe('what is asked for', () => {
  test.each([...milliseconds, 'maxReconnectAttempts'] as const)('is taken: %s', (option) => {
    const { connection } = checkWith({ [option]: 7 })
    expect(connection).toEqual({ ...checkOptions(sound).connection, [option]: 7 })
  })

  test('may be attempts without end', () => {
    const { connection } = checkWith({ maxReconnectAttempts: Number.POSITIVE_INFINITY })
    expect(connection.maxReconnectAttempts).toBe(Number.POSITIVE_INFINITY)
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
