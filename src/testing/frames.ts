import { ClientEventSchema, type ClientEvent } from '../protocol/index.js'
import { describe } from './errors.js'

/** A client's frame, or why it is none. */
type ParsedFrame = { readonly frame: ClientEvent } | { readonly reason: string }

/** Reads what a client sent. `PROTOCOL.md`, "Client → relay". */
export const parseFrame = (text: string, isBinary: boolean): ParsedFrame => {
  if (isBinary) return { reason: 'expected a text frame, got a binary one' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { reason: `expected JSON, got ${describe(text)}` }
  }
  const parsed = ClientEventSchema.safeParse(value)
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'the frame').join(', ')
    return {
      reason: `expected a client frame of the contract, got one in which this does not fit: ${fields}`,
    }
  }
  return { frame: parsed.data }
}
