import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { eventIdOf } from './event-id.js'

test('the event id of a message is always the same', () => {
  expect(eventIdOf('msg_1')).toBe(eventIdOf('msg_1'))
  expect(eventIdOf('msg_1')).not.toBe(eventIdOf('msg_2'))
})

test('an event id is a version 5 UUID that strict validators take', () => {
  for (let number = 0; number < 100; number += 1) {
    expect(z.uuid({ version: 'v5' }).safeParse(eventIdOf(`msg_${number}`)).success).toBe(true)
  }
})
