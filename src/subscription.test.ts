import { describe, expect, test } from 'vitest'
import { TabmuxError } from './errors.js'
import { isIn, normalizeChannels, SELF } from './subscription.js'

/** What an app without TypeScript may pass. */
const normalizeAnything = (channels: unknown) => normalizeChannels(channels as readonly string[])

const errorOf = (check: () => unknown): TabmuxError => {
  try {
    check()
  } catch (error) {
    if (error instanceof TabmuxError) return error
    throw error
  }
  throw new Error('expected an error, got none')
}

describe('the name of a channel', () => {
  test.each([
    ['general', 'general'],
    ['#general', 'general'],
    ['  general ', 'general'],
    [' #general ', 'general'],
    ['##general', '#general'],
    ['a#b', 'a#b'],
    ['General', 'General'],
    ['@self', '@self'],
  ])('"%s" is "%s"', (given, name) => {
    expect([...normalizeChannels([given])]).toEqual([name])
  })

  test('is there once, however often it is given', () => {
    expect([...normalizeChannels(['general', '#general', ' general'])]).toEqual(['general'])
  })

  test('may be missing: nothing asked for is nothing', () => {
    expect(normalizeChannels([]).size).toBe(0)
  })

  test.each([
    ['empty', ''],
    ['blank', '  '],
    ['a bare #', '#'],
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an array', ['general']],
  ])('that is %s is refused', (_, name) => {
    const error = errorOf(() => normalizeAnything(['general', name]))
    expect(error.code).toBe('invalid_argument')
    expect(error.message).toMatch(/^subscribe: expected channel names, got ./)
  })

  test.each([
    ['a string', 'general', 'a string of 7 characters'],
    ['nothing', undefined, 'undefined'],
    ['a set', new Set(['general']), 'object'],
  ])('is refused where %s comes instead of an array', (_, channels, got) => {
    const error = errorOf(() => normalizeAnything(channels))
    expect(error.code).toBe('invalid_argument')
    expect(error.message).toContain('subscribe: expected an array of channel names, got')
    expect(error.message).toContain(got)
  })
})

describe('an event is in the channels', () => {
  const general = new Set(['general'])
  const self = new Set([SELF])

  test.each(['message.created', 'thread.reply'])('if it is a %s in one of them', (type) => {
    const event = { type, channel: 'general' }
    expect(isIn(event, general)).toBe(true)
    expect(isIn(event, new Set(['random', 'general']))).toBe(true)
    expect(isIn(event, new Set(['random']))).toBe(false)
    expect(isIn(event, self)).toBe(false)
  })

  test.each(['dm.received', 'group_dm.received'])('if it is a %s and they have @self', (type) => {
    const event = { type, conversationId: 'general' }
    expect(isIn(event, self)).toBe(true)
    expect(isIn(event, general)).toBe(false)
  })

  test.each([
    'message.updated',
    'member.joined',
    'channel.created',
    'webhook.received',
    'message.pinned',
    'resynced',
  ])('never if it is a %s', (type) => {
    expect(isIn({ type, channel: 'general' } as { type: string }, new Set(['general', SELF]))).toBe(false)
  })
})
