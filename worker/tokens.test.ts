import { describe, expect, test } from 'vitest'
import { HandClock } from './hand-clock.js'
import { deferred, settled } from './fakes/deferred.js'
import { Tokens, type TokenHolder } from './tokens.js'

/** A tab that answers when the test says so. */
const holder = () => {
  const { promise, resolve, reject } = deferred<string>()
  const asked: string[] = []
  const token = () => {
    asked.push('asked')
    return promise
  }
  return { token, asked, resolve, reject }
}

const answering = (token: string): TokenHolder => ({ token: async () => token })

/** A frozen tab. */
const silent = (): TokenHolder => ({ token: () => new Promise(() => undefined) })

const setUp = (...holders: readonly TokenHolder[]) => {
  const clock = new HandClock()
  const tokens = new Tokens(clock)
  for (const each of holders) tokens.add(each)
  return { clock, tokens }
}

/** What the question has come to so far. */
const follow = (question: Promise<string>) => {
  const answers: unknown[] = []
  question.then(
    (token) => answers.push(token),
    (error: unknown) => answers.push(error),
  )
  return answers
}

describe('the token', () => {
  test('is the one that a tab gives', async () => {
    const { tokens } = setUp(answering('secret'))
    await expect(tokens.ask()).resolves.toBe('secret')
  })

  test('is asked of the newest tab first', async () => {
    const { tokens } = setUp(answering('old'), answering('new'))
    await expect(tokens.ask()).resolves.toBe('new')
  })

  test('is asked of one tab at a time', async () => {
    const [older, newer] = [holder(), holder()]
    const { tokens } = setUp(older, newer)
    follow(tokens.ask())
    await settled()
    expect(newer.asked).toHaveLength(1)
    expect(older.asked).toEqual([])
  })

  test('is asked for anew each time', async () => {
    const answers = ['one', 'two']
    const { tokens } = setUp({ token: async () => answers.shift() ?? 'none left' })
    expect([await tokens.ask(), await tokens.ask()]).toEqual(['one', 'two'])
  })

  test('that is empty is an error', async () => {
    const { tokens } = setUp(answering(''))
    await expect(tokens.ask()).rejects.toMatchObject({ name: 'TabmuxError', code: 'token_failed' })
  })

  test('that the function of the app fails to give is an error, and no reason to ask another tab', async () => {
    const older = holder()
    const { tokens } = setUp(older, { token: () => Promise.reject(new Error('signed out')) })
    await expect(tokens.ask()).rejects.toThrow('signed out')
    expect(older.asked).toEqual([])
  })
})

describe('a tab that does not answer', () => {
  test('has 10 s before the next one is asked', async () => {
    const { tokens, clock } = setUp(answering('old'), silent())
    const answers = follow(tokens.ask())
    clock.advance(9_999)
    await settled()
    expect(answers).toEqual([])
    clock.advance(1)
    await settled()
    expect(answers).toEqual(['old'])
  })

  test('is not waited for once it is gone', async () => {
    const frozen = silent()
    const { tokens } = setUp(answering('old'), frozen)
    const answers = follow(tokens.ask())
    tokens.remove(frozen)
    await settled()
    expect(answers).toEqual(['old'])
  })

  test('does not keep a tab that comes later from being asked', async () => {
    const { tokens, clock } = setUp(silent())
    const answers = follow(tokens.ask())
    clock.advance(10_000)
    await settled()
    tokens.add(answering('new'))
    await settled()
    expect(answers).toEqual(['new'])
  })

  // One tab whose function needs 11 s, or that was frozen and is back, keeps the agent offline for good.
  test('is still heard when it answers late and nobody else has', async () => {
    const slow = holder()
    const { tokens, clock } = setUp(slow)
    const answers = follow(tokens.ask())
    clock.advance(10_000)
    await settled()
    slow.resolve('late')
    await settled()
    expect(answers).toEqual(['late'])
  })

  test('harms nothing when it fails after it is gone', async () => {
    const late = holder()
    const { tokens } = setUp(answering('old'), late)
    const answers = follow(tokens.ask())
    tokens.remove(late)
    await settled()
    late.reject(new Error('too late'))
    await settled()
    expect(answers).toEqual(['old'])
  })
})

describe('where there is no tab', () => {
  test('the question waits for one', async () => {
    const { tokens, clock } = setUp()
    const answers = follow(tokens.ask())
    clock.advance(3_600_000)
    await settled()
    expect(answers).toEqual([])
    tokens.add(answering('secret'))
    await settled()
    expect(answers).toEqual(['secret'])
  })

  test('all questions wait for one', async () => {
    const { tokens } = setUp()
    const questions = [tokens.ask(), tokens.ask()]
    tokens.add(answering('secret'))
    await expect(Promise.all(questions)).resolves.toEqual(['secret', 'secret'])
  })

  test('a tab that has gone is not asked', async () => {
    const gone = holder()
    const { tokens } = setUp(gone)
    tokens.remove(gone)
    follow(tokens.ask())
    await settled()
    expect(gone.asked).toEqual([])
  })
})
