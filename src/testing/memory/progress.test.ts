// How often a hub tells its tabs of the cursor, which moves with every event.
import { describe, expect, test } from 'vitest'
import { createTestRelay } from './index.js'

/** A tab that has got one event, and what it is told from then on. */
const setUp = async () => {
  const { relay, server, post, advance } = createTestRelay()
  await relay.ready
  await post({ text: 'the first' })
  await advance(1_000)
  const texts: string[] = []
  const cursors: (number | null)[] = []
  relay.on.messageCreated(({ message }) => void texts.push(message.text))
  relay.on.status(({ agentSeq }) => {
    if (agentSeq !== cursors.at(-1)) cursors.push(agentSeq)
  })
  /** So many events, 10 ms apart. */
  const stream = async (count: number) => {
    for (let index = 1; index <= count; index++) {
      await server.post({ from: 'bob', channel: 'general', text: `event ${index}` })
      await advance(10)
    }
  }
  return { relay, texts, cursors, advance, stream }
}

describe('the cursor in the status', () => {
  test('comes along with an event that comes alone', async () => {
    const { texts, cursors, stream } = await setUp()
    await stream(1)
    expect(texts).toEqual(['event 1'])
    expect(cursors).toEqual([2])
  })

  test('comes with some of the events of a stream, and with its end', async () => {
    const { relay, texts, cursors, advance, stream } = await setUp()
    await stream(25)
    expect(texts).toHaveLength(25)
    expect(cursors).toEqual([2, 12, 22])
    await advance(100)
    expect(cursors).toEqual([2, 12, 22, 26])
    expect(relay.status.agentSeq).toBe(26)
  })
})
