import { describe, expect, test } from 'vitest'
import { camelize } from './camel.js'

/** As they come from the relay: only so can an object own a key "__proto__". */
const parsed = (text: string): object => JSON.parse(text)

describe('camelize', () => {
  test('maps the keys of the event', () => {
    expect(camelize({ type: 'message.read', message_id: 'm_1', agent_name: 'bob', read_at: 'now' })).toEqual({
      type: 'message.read',
      messageId: 'm_1',
      agentName: 'bob',
      readAt: 'now',
    })
  })

  test.each([
    ['agent_seq', 'agentSeq'],
    ['handler_agent_name', 'handlerAgentName'],
    ['type', 'type'],
    ['agentName', 'agentName'],
    ['API_key', 'APIKey'],
    ['line_1', 'line_1'],
    ['AGENT_NAME', 'AGENT_NAME'],
    ['_internal', 'Internal'],
    ['trailing_', 'trailing_'],
    ['', ''],
  ])('makes the key "%s" "%s", like the public SDK', (wire, mapped) => {
    expect(camelize({ [wire]: 1 })).toEqual({ [mapped]: 1 })
  })

  test.each(['message', 'agent', 'channel', 'file'])('maps the keys in "%s"', (container) => {
    expect(camelize({ [container]: { agent_name: 'bob' } })).toEqual({ [container]: { agentName: 'bob' } })
  })

  test('maps the keys of each attachment of a message', () => {
    const attachments = [{ file_id: 'f_1' }, { content_type: 'image/png' }]
    expect(camelize({ message: { attachments } })).toEqual({
      message: { attachments: [{ fileId: 'f_1' }, { contentType: 'image/png' }] },
    })
  })

  test.each([
    ['a string', 'general'],
    ['null', null],
    ['a number', 7],
    ['an array of strings', ['a_b', 'c_d']],
  ])('leaves a "channel" that is %s as it is', (_, channel) => {
    expect(camelize({ channel })).toEqual({ channel })
  })

  test.each(['input', 'output', 'details', 'messages'])(
    'leaves the value of "%s" as it is, whatever its keys',
    (field) => {
      const value = { dry_run: true, message: { agent_name: 'bob' }, channel: [{ a_b: 1 }] }
      expect(camelize({ [field]: value })).toEqual({ [field]: value })
    },
  )

  test('leaves the value of an unknown field as it is also inside a message', () => {
    expect(camelize({ message: { extra_data: { a_b: 1 } } })).toEqual({
      message: { extraData: { a_b: 1 } },
    })
  })

  test('does not change what it is given', () => {
    const wire = { agent_name: 'bob', message: { agent_id: 'ag_1', attachments: [{ file_id: 'f_1' }] } }
    const before = structuredClone(wire)
    camelize(wire)
    expect(wire).toEqual(before)
  })

  test('maps a key the same way after a thousand others', () => {
    for (let number = 0; number < 1_100; number += 1) camelize({ [`some_key${number}`]: number })
    expect(camelize({ some_key1099: 1, agent_name: 'bob' })).toEqual({ someKey1099: 1, agentName: 'bob' })
  })
})

describe('a key "__proto__"', () => {
  const hostile = '{"__proto__":{"polluted":true}}'

  test.each([
    ['an event', hostile],
    ['a message', `{"message":${hostile}}`],
    ['an attachment', `{"message":{"attachments":[${hostile}]}}`],
    ['an unknown field', `{"details":${hostile}}`],
    ['a constructor', '{"constructor":{"prototype":{"polluted":true}}}'],
  ])('of %s pollutes no prototype', (_, text) => {
    camelize(parsed(text))
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  test.each([
    ['an event', hostile, (event: object) => event],
    ['a message', `{"message":${hostile}}`, (event: object) => Reflect.get(event, 'message')],
  ])('does not become the prototype of %s', (_, text, pick) => {
    expect(Object.getPrototypeOf(pick(camelize(parsed(text))))).toBe(Object.prototype)
  })

  test('is left out', () => {
    expect(Object.keys(camelize(parsed('{"__proto__":{"a":1},"agent_name":"bob"}')))).toEqual(['agentName'])
  })
})
