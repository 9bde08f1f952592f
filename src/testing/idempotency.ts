import { RelayError } from './errors.js'

/** How many answers are remembered; the oldest are forgotten first. */
const MAX_ANSWERS = 1_000

/** A request that may be sent twice. */
interface KeyedRequest {
  readonly agent: string
  /** The value of `Idempotency-Key`, if there was one. */
  readonly key: string | undefined
  /** Method, path and body: what must be the same under the same key. */
  readonly content: string
}

/**
 * Makes the memory of the answers to requests with an `Idempotency-Key`: the same key of the same agent gets
 * the same answer, and the work is done once. Work that threw may be tried again.
 */
export const createIdempotency = () => {
  const answers = new Map<string, { readonly content: string; readonly answer: unknown }>()
  return {
    /** @throws RelayError `conflict` if the key came with another request before. */
    once: ({ agent, key, content }: KeyedRequest, work: () => unknown): unknown => {
      if (key === undefined) return work()
      const id = JSON.stringify([agent, key])
      const known = answers.get(id)
      if (known && known.content !== content) {
        throw new RelayError(
          'conflict',
          'Idempotency-Key: expected the request that it came with, got another',
        )
      }
      if (known) return known.answer
      const answer = work()
      answers.set(id, { content, answer })
      const [oldest] = answers.keys()
      if (answers.size > MAX_ANSWERS && oldest !== undefined) answers.delete(oldest)
      return answer
    },
  }
}
