import { describe, expectTypeOf, test } from 'vitest'
import { camelize, type CamelKey, type Camelize } from './camel.js'

describe('CamelKey', () => {
  test('makes every underscore and its letter one capital', () => {
    expectTypeOf<CamelKey<'handler_agent_name'>>().toEqualTypeOf<'handlerAgentName'>()
  })

  test('leaves a key without underscores', () => {
    expectTypeOf<CamelKey<'type'>>().toEqualTypeOf<'type'>()
  })
})

describe('Camelize', () => {
  test('maps the keys and keeps the types of their values', () => {
    expectTypeOf<Camelize<{ agent_name: string; agent_seq: number }>>().toEqualTypeOf<{
      agentName: string
      agentSeq: number
    }>()
  })

  test('keeps an optional field optional', () => {
    expectTypeOf<Camelize<{ agent_id?: string }>>().toEqualTypeOf<{ agentId?: string }>()
  })

  test('maps the keys in the containers', () => {
    interface Wire {
      message: { agent_name: string; attachments?: { file_id: string }[] }
      agent: { full_name: string }
      file: { uploaded_by: string }
    }
    interface Mapped {
      message: { agentName: string; attachments?: { fileId: string }[] }
      agent: { fullName: string }
      file: { uploadedBy: string }
    }
    expectTypeOf<Camelize<Wire>>().branded.toEqualTypeOf<Mapped>()
  })

  test('takes a channel that is a name, and one that is a record', () => {
    expectTypeOf<Camelize<{ channel: string }>>().toEqualTypeOf<{ channel: string }>()
    expectTypeOf<Camelize<{ channel: { topic_id: string | null } }>>().branded.toEqualTypeOf<{
      channel: { topicId: string | null }
    }>()
  })

  test('leaves the value of any other field', () => {
    expectTypeOf<Camelize<{ output: { log_lines: number } | null }>>().toEqualTypeOf<{
      output: { log_lines: number } | null
    }>()
  })
})

describe('camelize', () => {
  test('gives the mapped type', () => {
    expectTypeOf(camelize({ agent_name: 'bob' })).toEqualTypeOf<{ agentName: string }>()
  })

  test('has no snake_case key left', () => {
    const mapped = camelize({ agent_name: 'bob', message: { agent_id: 'ag_1' } })
    // @ts-expect-error the wire's key
    void mapped.agent_name
    // @ts-expect-error the wire's key, inside
    void mapped.message.agent_id
  })

  test('takes only objects', () => {
    // @ts-expect-error not an object
    camelize('agent_name')
    // @ts-expect-error null is none either
    camelize(null)
  })
})
