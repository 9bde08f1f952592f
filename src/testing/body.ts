import type { IncomingMessage } from 'node:http'
import { RelayError, describe } from './errors.js'

/**
 * Reads the body of a request as text, at most `limit` bytes of it.
 *
 * @throws RelayError `too_large`, after the rest was read and dropped: a client reads no answer before it
 * has sent its body.
 */
export const readBody = async (request: IncomingMessage, limit: number): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const part of request) {
    // A stream without an encoding gives Buffers; its type does not say so.
    const chunk: Buffer = part
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
  }
  if (size > limit) throw new RelayError('too_large', `body: expected at most ${limit} bytes, got ${size}`)
  return Buffer.concat(chunks).toString()
}

/** The fields of a JSON body, each a text that is not empty. Other fields are ignored, as the SDK sends some. */
export type Body = <Field extends string>(...fields: readonly Field[]) => Readonly<Record<Field, string>>

/**
 * Makes the reader of a JSON body.
 *
 * @throws RelayError `invalid_request` if it is not JSON, no object, or a field that is asked for is no text.
 */
export const parseBody =
  (text: string): Body =>
  (...fields) => {
    const body = objectOf(text)
    const entries = fields.map((field) => {
      const value = Object.hasOwn(body, field) ? body[field] : undefined
      if (typeof value === 'string' && value !== '') return [field, value] as const
      throw new RelayError(
        'invalid_request',
        `${field}: expected a text that is not empty, got ${describe(value)}`,
      )
    })
    // fromEntries forgets the keys; there is one entry for each field.
    return Object.fromEntries(entries) as Record<(typeof fields)[number], string>
  }

const objectOf = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RelayError('invalid_request', `body: expected JSON, got ${describe(text)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RelayError('invalid_request', `body: expected a JSON object, got ${describe(value)}`)
  }
  // A parsed JSON value that is an object and no array has text keys and values of any type.
  return value as Readonly<Record<string, unknown>>
}
