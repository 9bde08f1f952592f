import { describe, expect, test } from 'vitest'
import { describeExpected, describeReceived, isExpected, type ExpectedEvent } from './pattern.js'
import type { Received } from './recorder.js'
import { reportTabs } from './report.js'
import { judgeAllOnce, judgeOnce, judgeReceived } from './verdict.js'

const message = (text: string, offset = 1): Received => {
  const event = { type: 'message.created', channel: 'general', message: { text, agentName: 'bob' } }
  return { type: 'message.created', text, offset, replayed: false, event }
}
const reaction = (emoji: string): Received => ({
  type: 'message.reacted',
  offset: 9,
  event: { type: 'message.reacted', emoji },
})
const open: Received = { type: 'open', event: { type: 'open' } }

describe('an expected event', () => {
  test.each<[string, ExpectedEvent, boolean]>([
    ['its text', 'hello', true],
    ['another text', 'hell', false],
    ['its type', { type: 'message.created' }, true],
    ['another type', { type: 'message.updated' }, false],
    ['a field inside', { message: { agentName: 'bob' } }, true],
    ['another value inside', { message: { agentName: 'alice' } }, false],
    ['a field that it has not', { emoji: '👍' }, false],
    ['an asymmetric matcher', { message: { text: expect.stringMatching(/^hel/) } }, true],
    ['one that does not match', { message: expect.objectContaining({ text: 'x' }) }, false],
  ])('is told by %s', (_, expected, is) => {
    expect(isExpected(expected, message('hello'))).toBe(is)
  })

  test('compares arrays item by item', () => {
    const event = { type: 'x', event: { names: ['a', { b: 1, c: 2 }] } }
    expect(isExpected({ names: ['a', { b: 1 }] }, event)).toBe(true)
    expect(isExpected({ names: ['a'] }, event)).toBe(false)
  })
})

describe('toHaveReceived', () => {
  test('wants all, in order, whatever else has come', () => {
    const received = [open, message('a'), message('x'), message('b'), message('a')]
    expect(judgeReceived(['a', 'b'], received).is).toBe('fulfilled')
    expect(judgeReceived(['b', 'a'], received).is).toBe('fulfilled')
    expect(judgeReceived(['b', 'x'], received)).toEqual({
      is: 'open',
      problems: ['missing after "b": "x"'],
    })
    expect(judgeReceived(['c'], received)).toEqual({ is: 'open', problems: ['missing: "c"'] })
  })
})

describe('toHaveReceivedExactlyOnce, of one', () => {
  test('waits for it, and gives up once it has come twice', () => {
    expect(judgeOnce('a', []).is).toBe('open')
    expect(judgeOnce('a', [message('a'), message('b')]).is).toBe('fulfilled')
    expect(judgeOnce('a', [message('a'), message('a')])).toEqual({
      is: 'never',
      problems: ['received 2 times: "a"'],
    })
  })
})

describe('toHaveReceivedExactlyOnce, of a list', () => {
  test('looks at messages alone, where texts are expected', () => {
    expect(judgeAllOnce(['a', 'b'], [open, message('a'), reaction('👍'), message('b')]).is).toBe('fulfilled')
    expect(judgeAllOnce([], [open, reaction('👍')]).is).toBe('fulfilled')
    expect(judgeAllOnce([], [message('a')]).is).toBe('never')
  })

  test('looks at the types that are expected', () => {
    const one = { type: 'message.reacted', emoji: '👍' }
    expect(judgeAllOnce([one], [message('a'), reaction('👍')]).is).toBe('fulfilled')
    expect(judgeAllOnce([one], [reaction('👍'), reaction('🎉')]).is).toBe('never')
  })

  test('waits for what is missing, and says what that is', () => {
    expect(judgeAllOnce(['a', 'b', 'c'], [message('a')])).toEqual({
      is: 'open',
      problems: ['missing: "b", "c"'],
    })
  })

  test.each<[string, readonly string[], readonly string[]]>([
    [
      'twice',
      ['a', 'b', 'a'],
      [
        'received more than once: "a" (2 times)',
        'first difference: at place 3 expected nothing more, got "a"',
      ],
    ],
    [
      'a stranger',
      ['a', 'x'],
      ['not expected: "x"', 'missing: "b"', 'first difference: at place 2 expected "b", got "x"'],
    ],
    ['another order', ['b', 'a'], ['first difference: at place 1 expected "a", got "b"']],
    ['a hole', ['b'], ['missing: "a"', 'first difference: at place 1 expected "a", got "b"']],
  ])('gives up at once over %s', (_, received, problems) => {
    const verdict = judgeAllOnce(
      ['a', 'b'],
      received.map((text) => message(text)),
    )
    expect(verdict).toEqual({ is: 'never', problems })
  })

  test('does not list hundreds', () => {
    const many = Array.from({ length: 50 }, (_, index) => `m${index}`)
    expect(judgeAllOnce(many, []).problems[0]).toMatch(/"m9", and 40 more$/)
  })
})

describe('a report', () => {
  test('says what was expected, what came, and what the other tabs got', () => {
    const text = reportTabs(
      'expect(tab 1)',
      'this',
      ['a'],
      [
        { name: 'tab 1', received: [open, message('b', 7)], problems: ['missing: "a"'], isAsked: true },
        { name: 'tab 2', received: [message('a', 8)], problems: [], isAsked: false },
      ],
    )
    expect(text).toBe(`expect(tab 1)

Expected this:
  1. "a"

tab 1: missing: "a"
tab 1 received 1 event, and 1 words of the client:
  1. open  {"type":"open"}
  2. message.created  "b"  (offset 7)

tab 2 received 1 event, and 0 words of the client; the last event: message.created  "a"  (offset 8)`)
  })

  test('shows the beginning and the end of what is long', () => {
    const received = Array.from({ length: 100 }, (_, index) => message(`m${index}`))
    const text = reportTabs('', '', [], [{ name: 'tab 1', received, problems: [], isAsked: true }])
    expect(text).toContain('… 88 more …')
    expect(text).toContain('100. message.created  "m99"')
  })

  test('survives what cannot be written', () => {
    const deep: Record<string, unknown> = {}
    deep['deep'] = deep
    expect(describeReceived({ type: 'x', event: deep })).toContain('cannot be shown')
    expect(describeExpected({ type: 'x', at: expect.any(Number) })).toBe('{"type":"x","at":"Any"}')
  })
})
