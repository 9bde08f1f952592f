import { describe, expect, test } from 'vitest'
import { Stream } from './stream.js'

const setUp = () => {
  const ends: string[] = []
  return { stream: new Stream<string>(() => ends.push('ended')), ends }
}

const done = { value: undefined, done: true }
const value = (text: string) => ({ value: text, done: false })

describe('a reader', () => {
  test('gets what was pushed before, in order', async () => {
    const { stream } = setUp()
    stream.push('a')
    stream.push('b')
    expect([await stream.next(), await stream.next()]).toEqual([value('a'), value('b')])
  })

  test('gets what is pushed later', async () => {
    const { stream } = setUp()
    const next = stream.next()
    stream.push('a')
    expect(await next).toEqual(value('a'))
  })

  test('gets each value once, also if it asks for several at a time', async () => {
    const { stream } = setUp()
    const reads = [stream.next(), stream.next(), stream.next()]
    for (const text of ['a', 'b', 'c']) stream.push(text)
    expect(await Promise.all(reads)).toEqual([value('a'), value('b'), value('c')])
  })

  test('gets a value that is undefined as a value', async () => {
    const stream = new Stream<undefined>(() => undefined)
    stream.push(undefined)
    expect(await stream.next()).toEqual({ value: undefined, done: false })
  })

  test('may use for await', async () => {
    const { stream } = setUp()
    const heard: string[] = []
    stream.push('a')
    stream.push('b')
    stream.end()
    for await (const text of stream) heard.push(text)
    expect(heard).toEqual(['a', 'b'])
  })
})

describe('the end', () => {
  test('comes after what was pushed before', async () => {
    const { stream } = setUp()
    stream.push('a')
    stream.end()
    expect([await stream.next(), await stream.next(), await stream.next()]).toEqual([value('a'), done, done])
  })

  test('is told to all readers that wait', async () => {
    const { stream } = setUp()
    const reads = [stream.next(), stream.next()]
    stream.end()
    expect(await Promise.all(reads)).toEqual([done, done])
  })

  test('is called back once', () => {
    const { stream, ends } = setUp()
    stream.end()
    stream.end()
    expect(ends).toEqual(['ended'])
  })

  test('is final: what is pushed later is dropped', async () => {
    const { stream } = setUp()
    stream.end()
    stream.push('late')
    expect(await stream.next()).toEqual(done)
  })
})

describe('a reader that stops', () => {
  test('ends the stream', async () => {
    const { stream, ends } = setUp()
    stream.push('a')
    for await (const text of stream) if (text === 'a') break
    expect(ends).toEqual(['ended'])
    expect(await stream.next()).toEqual(done)
  })

  test('drops what it has not read', async () => {
    const { stream } = setUp()
    stream.push('a')
    expect(await stream.return()).toEqual(done)
    expect(await stream.next()).toEqual(done)
  })

  test('ends the wait of another one', async () => {
    const { stream } = setUp()
    const next = stream.next()
    await stream.return()
    expect(await next).toEqual(done)
  })

  test('after the end does not call back again', async () => {
    const { stream, ends } = setUp()
    stream.end()
    await stream.return()
    expect(ends).toEqual(['ended'])
  })
})

describe('a stream with a bound', () => {
  const bounded = () => {
    const ends: string[] = []
    const stream = new Stream<string>(
      () => ends.push('ended'),
      2,
      () => new Error('too many'),
    )
    return { stream, ends }
  }

  test('gives what waits, then tells that there was more, and then ends', async () => {
    const { stream, ends } = bounded()
    for (const text of ['a', 'b', 'c', 'd']) stream.push(text)
    expect(ends).toEqual(['ended'])
    expect([await stream.next(), await stream.next()]).toEqual([value('a'), value('b')])
    await expect(stream.next()).rejects.toThrow('too many')
    expect(await stream.next()).toEqual(done)
  })

  test('does not count what is read at once', async () => {
    const { stream } = bounded()
    const reads = [stream.next(), stream.next()]
    for (const text of ['a', 'b', 'c', 'd']) stream.push(text)
    expect(await Promise.all([...reads, stream.next(), stream.next()])).toEqual(
      ['a', 'b', 'c', 'd'].map(value),
    )
  })

  test('tells nothing to a reader that has stopped', async () => {
    const { stream } = bounded()
    for (const text of ['a', 'b', 'c']) stream.push(text)
    await stream.return()
    expect(await stream.next()).toEqual(done)
  })
})
