import { describe, expect, test } from 'vitest'
import type { Batch, HubStatus, Notice, Position } from '../src/bridge.js'
import { Consumer } from './consumer.js'
import { deferred, settled, type Deferred } from './fakes/deferred.js'
import { entry, memoryJournal } from './fakes/journal.js'

const status: HubStatus = {
  state: 'connected',
  attempt: 0,
  agentSeq: null,
  resyncing: false,
  tabs: 1,
  persistence: { mode: 'memory', reason: 'no disk' },
  host: 'shared-worker',
  instance: 'run 1',
  journal: { first: 1, last: 0 },
  lastResync: null,
  channels: [],
  dropped: 0,
}

const start: Position = { instance: 'run 1', offset: 0 }

const reconnecting = (attempt: number): Notice => ({ type: 'reconnecting', attempt })

/** A consumer, and a tab that answers each batch when the test says so. */
const setUp = async (position = start) => {
  const batches: Batch[] = []
  const answers: Deferred<void>[] = []
  const failures: unknown[] = []
  let present = status
  const journal = await memoryJournal('run 1')
  const consumer = new Consumer({
    journal,
    position,
    deliver: (batch) => {
      batches.push(batch)
      const answer = deferred<void>()
      answers.push(answer)
      return answer.promise
    },
    status: () => present,
    failed: (error) => failures.push(error),
  })
  return {
    batches,
    failures,
    consumer,
    append: (...names: readonly string[]) => {
      journal.append(names.map(entry), null)
      consumer.wake()
    },
    setStatus: (changes: Partial<HubStatus>) => {
      present = { ...present, ...changes }
      consumer.statusChanged()
    },
    /** The tab has handled the newest batch. */
    answer: async () => {
      answers.at(-1)?.resolve()
      await settled()
    },
    fail: async (error: unknown) => {
      answers.at(-1)?.reject(error)
      await settled()
    },
  }
}

/** The same, past its first batch, which tells the status. */
const attached = async (position?: Position) => {
  const tab = await setUp(position)
  tab.consumer.wake()
  await tab.answer()
  tab.batches.length = 0
  return tab
}

const textsOf = ({ texts }: Batch) => texts

describe('the first batch', () => {
  test('tells the status', async () => {
    const { consumer, batches } = await setUp()
    consumer.wake()
    expect(batches).toStrictEqual([
      { position: start, gap: null, texts: [], replayed: [], notices: [], status },
    ])
  })

  test('has what is in the journal after the position', async () => {
    const { append, batches } = await setUp({ instance: 'run 1', offset: 1 })
    append('a', 'b', 'c')
    expect(batches.map(textsOf)).toEqual([['b', 'c']])
  })

  test('says that there is a gap after a position that nobody knows', async () => {
    const { consumer, batches } = await setUp({ instance: 'another run', offset: 7 })
    consumer.wake()
    expect(batches[0]).toMatchObject({ gap: 'journal_lost', position: start })
  })
})

describe('a tab that keeps up', () => {
  test('gets each entry at once, in order', async () => {
    const { append, answer, batches } = await attached()
    append('a')
    await answer()
    append('b')
    await answer()
    expect(batches.map(textsOf)).toEqual([['a'], ['b']])
  })

  test('gets no batch while there is nothing to tell', async () => {
    const { consumer, batches } = await attached()
    consumer.wake()
    expect(batches).toEqual([])
  })

  test('gets the place that it is at after each batch', async () => {
    const { append, batches } = await attached()
    append('a', 'b')
    expect(batches[0]?.position).toEqual({ instance: 'run 1', offset: 2 })
  })

  test('gets the status only when it has changed', async () => {
    const { append, answer, setStatus, batches } = await attached()
    append('a')
    await answer()
    setStatus({ tabs: 2 })
    expect(batches.map((batch) => batch.status?.tabs ?? null)).toEqual([null, 2])
  })
})

describe('a slow tab', () => {
  test('has one batch on its way, and no more', async () => {
    const { append, batches } = await attached()
    append('a')
    append('b')
    append('c')
    await settled()
    expect(batches.map(textsOf)).toEqual([['a']])
  })

  test('gets all that has gathered in the next batch', async () => {
    const { append, answer, batches } = await attached()
    append('a')
    append('b')
    append('c')
    await answer()
    expect(batches.map(textsOf)).toEqual([['a'], ['b', 'c']])
  })

  test('gets no more than 1,024 entries in one batch', async () => {
    const { append, answer, batches } = await attached()
    append(...Array.from({ length: 1_500 }, (_, index) => `entry ${index}`))
    await answer()
    await answer()
    expect(batches.map(({ texts }) => texts.length)).toEqual([1_024, 476])
    expect(new Set(batches.flatMap(textsOf)).size).toBe(1_500)
  })

  test('is where it was until it has answered', async () => {
    const { append, answer, consumer } = await attached()
    append('a')
    expect(consumer.position.offset).toBe(0)
    await answer()
    expect(consumer.position.offset).toBe(1)
  })

  test('gets the notices of meanwhile together, in order', async () => {
    const { consumer, answer, batches } = await attached()
    for (const attempt of [1, 2, 3]) consumer.tell(reconnecting(attempt))
    await answer()
    expect(batches.map(({ notices }) => notices)).toEqual([
      [reconnecting(1)],
      [reconnecting(2), reconnecting(3)],
    ])
  })

  test('gets the newest 64 notices', async () => {
    const { consumer, append, answer, batches } = await attached()
    append('a')
    for (let attempt = 1; attempt <= 70; attempt += 1) consumer.tell(reconnecting(attempt))
    await answer()
    expect(batches[1]?.notices).toEqual(Array.from({ length: 64 }, (_, index) => reconnecting(index + 7)))
  })

  test('gets a notice once', async () => {
    const { consumer, append, answer, batches } = await attached()
    consumer.tell(reconnecting(1))
    append('a')
    await answer()
    expect(batches.map(({ notices }) => notices)).toEqual([[reconnecting(1)], []])
  })

  test('gets the status with a notice, as the one is why of the other', async () => {
    const { consumer, batches } = await attached()
    consumer.tell({ type: 'open' })
    expect(batches).toMatchObject([{ notices: [{ type: 'open' }], status: { state: 'connected' } }])
  })

  test('gets the status of its turn, and none of those before', async () => {
    const { append, answer, setStatus, batches } = await attached()
    append('a')
    for (const tabs of [2, 3, 4]) setStatus({ tabs })
    await answer()
    expect(batches.map((batch) => batch.status?.tabs ?? null)).toEqual([null, 4])
  })

  test('gets entries, notices and status of meanwhile in one batch', async () => {
    const { append, consumer, answer, setStatus, batches } = await attached()
    append('a')
    append('b')
    consumer.tell(reconnecting(1))
    setStatus({ state: 'reconnecting' })
    await answer()
    expect(batches.slice(1)).toMatchObject([
      { texts: ['b'], notices: [reconnecting(1)], status: { state: 'reconnecting' } },
    ])
  })
})

describe('a tab that answers with an error', () => {
  test('is told of, once', async () => {
    const { append, fail, failures } = await attached()
    const error = new Error('the page is broken')
    append('a')
    await fail(error)
    expect(failures).toEqual([error])
  })

  test('gets nothing any more', async () => {
    const { append, fail, consumer, batches } = await attached()
    append('a')
    append('b')
    await fail(new Error('the page is broken'))
    append('c')
    consumer.tell(reconnecting(1))
    consumer.statusChanged()
    expect(batches.map(textsOf)).toEqual([['a']])
  })

  test('is where it was', async () => {
    const { append, fail, consumer } = await attached()
    append('a')
    await fail(new Error('the page is broken'))
    expect(consumer.position).toEqual(start)
  })
})

describe('a consumer that is closed', () => {
  test('delivers nothing', async () => {
    const { append, consumer, batches } = await attached()
    consumer.close()
    append('a')
    expect(batches).toEqual([])
  })

  test('ends after the batch on its way', async () => {
    const { append, answer, consumer, batches } = await attached()
    append('a')
    append('b')
    consumer.close()
    await answer()
    expect(batches.map(textsOf)).toEqual([['a']])
    expect(consumer.position.offset).toBe(1)
  })
})
