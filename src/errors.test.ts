import { describe, expect, test } from 'vitest'
import { decodeError, describe as describeValue, encodeError, TabmuxError } from './errors.js'

describe('an error', () => {
  test('is an Error with a name and a code', () => {
    const error = new TabmuxError('not_connected', 'no socket')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'TabmuxError', code: 'not_connected', message: 'no socket' })
  })

  test('reads as its name and message', () => {
    expect(String(new TabmuxError('closed', 'it is closed'))).toBe('TabmuxError: it is closed')
  })

  test('is an event of the type "error"', () => {
    expect(new TabmuxError('closed', 'it is closed').type).toBe('error')
  })

  test('keeps its cause', () => {
    const cause = new Error('deeper')
    expect(new TabmuxError('handler_failed', 'it failed', { cause }).cause).toBe(cause)
  })

  test('is the same after it has crossed the bridge', () => {
    const decoded = decodeError(structuredClone(encodeError(new TabmuxError('unauthorized', 'refused'))))
    expect(decoded).toBeInstanceOf(TabmuxError)
    expect(decoded).toMatchObject({ code: 'unauthorized', message: 'refused' })
  })

  test('crosses the bridge as plain data', () => {
    expect(encodeError(new TabmuxError('unauthorized', 'refused', { cause: new Error('deeper') }))).toEqual({
      code: 'unauthorized',
      message: 'refused',
    })
  })
})

describe('in a message', () => {
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    ['', 'an empty string'],
    ['secret', 'a string of 6 characters'],
    [() => undefined, 'a function'],
    [Symbol('secret'), 'a symbol'],
    [10n, 'a bigint'],
  ])('%s is described as %s', (value, description) => {
    expect(describeValue(value)).toBe(description)
  })

  test('an array is described by its length', () => {
    expect(describeValue(['secret', 'secret'])).toBe('an array of 2')
  })

  test('an object is described without what is in it', () => {
    expect(describeValue({ token: 'secret' })).toMatch(/^an? object$/)
  })
})
