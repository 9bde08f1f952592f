/** Runs of the fuzzers, as long as wanted. */
import * as fc from 'fast-check'
import { checkDecode } from './decode.js'
import { frames, largeFrames } from './frames.js'
import { messages, noAnswers } from './messages.js'
import { AttackedPort } from './port.js'

/** How many messages a port gets before it is looked at. */
const ROUND = 25

/** How many inputs came to what. */
export type Tally = Record<'events' | 'answers' | 'refused', number>

/**
 * Gives `decode` so many inputs.
 *
 * @throws {Error} Something does not hold. The message has the smallest input that shows it.
 */
export const fuzzDecode = (inputs: number, seed: number): Tally => {
  const tally: Tally = { events: 0, answers: 0, refused: 0 }
  const property = fc.property(frames, (data) => {
    const decoded = checkDecode(data)
    if (!decoded.ok) tally.refused += 1
    else if (decoded.frame.kind === 'event') tally.events += 1
    else tally.answers += 1
  })
  fc.assert(property, { numRuns: inputs, seed })
  return tally
}

/**
 * Gives `decode` frames of about the largest length and depth.
 *
 * @throws {Error} Something does not hold.
 */
export const tryLargeFrames = (): void => {
  for (const frame of largeFrames) {
    try {
      checkDecode(frame)
    } catch (error) {
      throw new Error(`${frame.slice(0, 100)}…`, { cause: error })
    }
  }
}

/**
 * Posts so many messages to a port with a facade.
 *
 * @throws {Error} Something does not hold. The message has the smallest input that shows it.
 */
export const fuzzPort = async (inputs: number, seed: number): Promise<void> => {
  const port = new AttackedPort()
  const round = fc.array(messages, { minLength: ROUND, maxLength: ROUND, size: 'max' })
  const property = fc.asyncProperty(round, fc.array(noAnswers, { maxLength: 3 }), (hostile, falseAnswers) =>
    port.post(hostile, falseAnswers),
  )
  try {
    await fc.assert(property, { numRuns: Math.ceil(inputs / ROUND), seed })
  } finally {
    port.close()
  }
}
