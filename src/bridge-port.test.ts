import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPort } from './bridge-port.js'

// `worker/fuzz` posts everything else.

/** What the far end may call. */
interface Near {
  add(a: number, b: number): Promise<number>
  facade(): Promise<object>
  fail(): Promise<never>
}

let near: MessagePort
let far: MessagePort
const calls: unknown[][] = []

beforeEach(() => {
  ;({ port1: near, port2: far } = new MessageChannel())
  calls.length = 0
  openPort(near, {
    add: (...numbers: number[]) => {
      calls.push(numbers)
      return numbers.reduce((sum, number) => sum + number, 0)
    },
    facade(this: object) {
      return { isFrozen: Object.isFrozen(this), hasPrototype: Object.getPrototypeOf(this) !== null }
    },
    fail: () => {
      throw new TypeError('as it should')
    },
  })
})

afterEach(() => {
  near.close()
  far.close()
})

/** Waits until all that the far end has posted has been dealt with, and gives all that was answered. */
const answersTo = (...messages: object[]): Promise<unknown[]> =>
  new Promise((resolve) => {
    const answers: unknown[] = []
    far.addEventListener('message', ({ data }: MessageEvent<{ id: unknown }>) => {
      if (data.id === 'last') resolve(answers)
      else answers.push(data)
    })
    far.start()
    for (const message of messages) far.postMessage(message)
    far.postMessage({ id: 'last', type: 'APPLY', path: ['add'], argumentList: [] })
  })

test('a method is called with its arguments, and answers', async () => {
  const remote = openPort<Near>(far, {})
  expect(await remote.add(1, 2)).toBe(3)
  await expect(remote.fail()).rejects.toThrow('as it should')
})

test('methods stand on a frozen object without a prototype', async () => {
  const remote = openPort<Near>(far, {})
  expect(await remote.facade()).toEqual({ isFrozen: true, hasPrototype: false })
})

test.each([
  ['reads a property', { type: 'GET', path: ['add'] }],
  ['writes one', { type: 'SET', path: ['add'], value: { type: 'RAW', value: 1 } }],
  [
    'writes into a prototype',
    { type: 'SET', path: ['add', '__proto__', 'polluted'], value: { type: 'RAW' } },
  ],
  ['constructs', { type: 'CONSTRUCT', path: ['add'], argumentList: [] }],
  ['asks for a port', { type: 'ENDPOINT' }],
  ['asks for the end', { type: 'RELEASE' }],
  ['calls what a function has', { type: 'APPLY', path: ['add', 'call'], argumentList: [] }],
  ['calls what an object has', { type: 'APPLY', path: ['toString'], argumentList: [] }],
  [
    'hands over a function',
    { type: 'APPLY', path: ['add'], argumentList: [{ type: 'HANDLER', name: 'proxy', value: {} }] },
  ],
  ['has arguments without end', { type: 'APPLY', path: ['add'], argumentList: Array(2 ** 32 - 1) }],
  // Comlink's exposing half looks into the arguments of whatever it is given.
  ['is an answer with arguments', { type: 'RAW', argumentList: [{ type: 'HANDLER', name: 'missing' }] }],
  ['is an answer with arguments that are no list', { type: 'RAW', argumentList: 1 }],
  ['is a failure with arguments', { type: 'HANDLER', name: 'throw', argumentList: [{ type: 'HANDLER' }] }],
])('a message that %s is dropped, and the port goes on', async (_, message) => {
  expect(await answersTo({ id: 'first', ...message })).toEqual([])
  expect(calls).toEqual([[]])
  expect('polluted' in Function.prototype).toBe(false)
})
