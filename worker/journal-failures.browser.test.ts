/**
 * Every way in which IndexedDB fails, on a real one: events flow all the same, `persistence` says why, the journal
 * returns to disk when it can, and the next run reads back what it should.
 */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { HandClock } from './hand-clock.js'
import {
  cleanUp,
  committed,
  create,
  cursorAt,
  deleteRaw,
  entries,
  newName,
  occupy,
  openRaw,
  readable,
  recordsOf,
  start,
  tamper,
  texts,
  type Run,
} from './fakes/stored-journal.js'

const RETRY_MS = 5_000
const COMMIT_DEADLINE_MS = 1_000
const LOAD_DEADLINE_MS = 5_000

afterEach(async () => {
  vi.restoreAllMocks()
  await cleanUp()
})

/** A run whose time is driven by hand. All of a test begin at the same time: no entry is too old for the next. */
const begin = async (name: string) => {
  const clock = new HandClock()
  return { ...(await start(name, { clock })), clock }
}

/** What {@link begin} gives. */
type Timed = Run & { readonly clock: HandClock }

const append = ({ journal }: Run, from: number, to: number): void => {
  journal.append(entries(from, to), cursorAt(to))
}

const quota = new DOMException('the disk is full', 'QuotaExceededError')

/** What breaks the disk of a run, if there is one already, and gives what mends it. */
interface Failure {
  readonly what: string
  readonly reason: RegExp
  readonly break: (name: string, run: Run) => Promise<() => unknown>
}

const upgrade = (name: string, version: number, change: (database: IDBDatabase) => void = () => undefined) =>
  openRaw(name, version, change).then((database) => database.close())

/** These fail at once. */
const failures: readonly Failure[] = [
  {
    what: 'every use of the store fails',
    reason: /^UnknownError: the disk is broken$/,
    break: async (_, { faults }) => {
      faults.error = new DOMException('the disk is broken', 'UnknownError')
      return () => (faults.error = null)
    },
  },
  {
    what: 'opening throws',
    reason: /^SecurityError: denied$/,
    break: async (_, { store }) => {
      store.close()
      const spy = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
        throw new DOMException('denied', 'SecurityError')
      })
      return () => spy.mockRestore()
    },
  },
  {
    what: 'the database is of a higher version, also without a change',
    reason: /^VersionError: /,
    break: async (name) => {
      await upgrade(name, 2)
      return () => deleteRaw(name)
    },
  },
  {
    what: 'the database is somebody else’s, without the object store',
    reason: /^NotFoundError: /,
    break: async (name) => {
      await deleteRaw(name)
      await upgrade(name, 1, (database) => database.createObjectStore('another'))
      return () => deleteRaw(name)
    },
  },
]

/** These have been read before. */
const failuresOfWrites: readonly Failure[] = [
  {
    what: 'a transaction is aborted at its commit',
    reason: /^Error: the transaction was aborted$/,
    break: async (_, { faults }) => {
      faults.abort = { error: null }
      return () => (faults.abort = null)
    },
  },
  {
    what: 'there is no room at the commit, which only an abort tells',
    reason: /^QuotaExceededError: the disk is full$/,
    break: async (_, { faults }) => {
      faults.abort = { error: quota }
      return () => (faults.abort = null)
    },
  },
]

/** Of these, nothing is heard but the deadline. */
const hangs: readonly Failure[] = [
  {
    what: 'another transaction does not end',
    reason: /^Error: IndexedDB took longer than \d+ ms$/,
    break: (name) => occupy(name),
  },
  {
    what: 'opening is blocked by a deletion that waits for somebody else',
    reason: /^Error: IndexedDB took longer than \d+ ms$/,
    break: async (name) => {
      // This connection does not care that the database is to be deleted.
      const database = await openRaw(name, 1, (fresh) => fresh.createObjectStore('journal'))
      const deletion = indexedDB.deleteDatabase(name)
      await new Promise((resolve) => deletion.addEventListener('blocked', resolve))
      return async () => {
        database.close()
        await new Promise((resolve) => deletion.addEventListener('success', resolve))
      }
    },
  },
]

/** The disk is well again: with the first retry, if nothing of what hung is still on its way. */
const recover = async ({ journal, clock }: Timed): Promise<void> => {
  clock.advance(RETRY_MS)
  await expect.poll(() => journal.persistence).toEqual({ mode: 'disk' })
}

/** The same, if something of it is: what it held up is tried once more after it. */
const recoverLate = async ({ journal, clock }: Timed): Promise<void> => {
  const retry = () => {
    clock.advance(RETRY_MS)
    return journal.persistence
  }
  await expect.poll(retry, { interval: 200 }).toEqual({ mode: 'disk' })
}

/** Everything is well again, in this run and the next. */
const expectAllOnDisk = async (name: string, run: Run, all: readonly string[], last: number) => {
  append(run, last, last)
  await committed(run.journal, all.length)
  expect(run.journal.persistence).toEqual({ mode: 'disk' })
  expect(readable(run)).toEqual(all)
  run.journal.close()
  const next = await begin(name)
  expect(next.journal.persistence).toEqual({ mode: 'disk' })
  expect(readable(next)).toEqual(all)
  expect(next.journal.traces.flatMap(({ keys }) => keys)).toEqual(
    all.map((text) => `message.created:${text}`),
  )
  expect(next.journal.cursor).toEqual(cursorAt(last))
}

describe('while it runs', () => {
  const goOn = async (name: string, run: Timed, mend: () => unknown, reason: RegExp, back = recover) => {
    await committed(run.journal, 5)
    expect(run.journal.persistence.mode).toBe('memory')
    expect(run.journal.persistence.reason).toMatch(reason)
    expect(readable(run)).toEqual(texts(1, 5))
    // More of it comes while it lasts.
    append(run, 6, 7)
    await committed(run.journal, 7)
    await mend()
    await back(run)
    await expectAllOnDisk(name, run, texts(1, 8), 8)
  }

  test.each([...failures, ...failuresOfWrites])('$what', async ({ break: spoil, reason }) => {
    const name = newName()
    const run = await begin(name)
    append(run, 1, 3)
    await committed(run.journal, 3)
    const mend = await spoil(name, run)
    append(run, 4, 5)
    await goOn(name, run, mend, reason)
  })

  test.each(hangs)('$what', async ({ break: spoil, reason }) => {
    const name = newName()
    const run = await begin(name)
    append(run, 1, 3)
    await committed(run.journal, 3)
    const mend = await spoil(name, run)
    append(run, 4, 5)
    run.clock.advance(COMMIT_DEADLINE_MS)
    await goOn(name, run, mend, reason, recoverLate)
  })

  test.each([...failures, ...failuresOfWrites])('$what, and does so for long', async ({ break: spoil }) => {
    const name = newName()
    const run = await begin(name)
    const mend = await spoil(name, run)
    for (let seq = 1; seq <= 5; seq++) {
      append(run, seq, seq)
      await committed(run.journal, seq)
      const { writes } = run.faults
      run.clock.advance(RETRY_MS)
      await expect.poll(() => run.faults.writes).toBeGreaterThan(writes)
    }
    await mend()
    await recoverLate(run)
    await expectAllOnDisk(name, run, texts(1, 6), 6)
  })
})

describe('from the start', () => {
  const goOn = async (name: string, run: Timed, mend: () => unknown, reason: RegExp, back = recover) => {
    expect(run.journal.persistence.mode).toBe('memory')
    expect(run.journal.persistence.reason).toMatch(reason)
    append(run, 11, 12)
    await committed(run.journal, 2)
    expect(readable(run)).toEqual(texts(11, 12))
    await mend()
    await back(run)
    // What an earlier run has stored under the same offsets is not mixed with it.
    await expectAllOnDisk(name, run, texts(11, 13), 13)
  }

  const withEarlierRun = async () => {
    const name = newName()
    const earlier = await begin(name)
    append(earlier, 1, 3)
    await committed(earlier.journal, 3)
    append(earlier, 4, 6)
    await committed(earlier.journal, 6)
    earlier.journal.close()
    const clock = new HandClock()
    return { name, earlier, run: { ...create(name, { clock }), clock } }
  }

  test.each(failures)('$what', async ({ break: spoil, reason }) => {
    const { name, earlier, run } = await withEarlierRun()
    const mend = await spoil(name, run)
    await run.journal.load()
    expect(run.journal.cursor).toBeNull()
    expect(run.journal.read({ instance: earlier.instance, offset: 6 }, 10).gap).toBe('journal_lost')
    await goOn(name, run, mend, reason)
  })

  test.each(hangs)('$what', async ({ break: spoil, reason }) => {
    const { name, run } = await withEarlierRun()
    const mend = await spoil(name, run)
    const loaded = run.journal.load()
    run.clock.advance(LOAD_DEADLINE_MS)
    await loaded
    await goOn(name, run, mend, reason, recoverLate)
  })

  test('reading hangs past its deadline, and is done when nobody waits for it any more', async () => {
    const { name, run } = await withEarlierRun()
    const letGo = await occupy(name)
    const loaded = run.journal.load()
    run.clock.advance(LOAD_DEADLINE_MS)
    await loaded
    append(run, 11, 11)
    await committed(run.journal, 1)
    letGo()
    // A transaction that begins after the late one ends after it.
    await recordsOf(name)
    await goOnFrom(name, run)
  })

  /** Offsets 1 and on are those of this run, on disk too. */
  const goOnFrom = async (name: string, run: Timed) => {
    append(run, 12, 12)
    await committed(run.journal, 2)
    await recoverLate(run)
    await expectAllOnDisk(name, run, texts(11, 13), 13)
  }

  test.each(failuresOfWrites)('$what: what was stored is read', async ({ break: spoil, reason }) => {
    const { name, earlier, run } = await withEarlierRun()
    const mend = await spoil(name, run)
    await run.journal.load()
    expect(run.journal.persistence.reason).toMatch(reason)
    expect(run.journal.cursor).toEqual(cursorAt(6))
    expect(run.journal.read({ instance: earlier.instance, offset: 6 }, 10).gap).toBeNull()
    append(run, 7, 7)
    await committed(run.journal, 7)
    await mend()
    await recover(run)
    await expectAllOnDisk(name, run, texts(1, 8), 8)
  })
})

describe('a connection that is gone', () => {
  /** The newest connection of all. */
  const connections = () => {
    const requests: IDBOpenDBRequest[] = []
    const real = indexedDB.open.bind(indexedDB)
    vi.spyOn(indexedDB, 'open').mockImplementation((name, version) => {
      const request = real(name, version)
      requests.push(request)
      return request
    })
    return () => requests.map(({ result }) => result)
  }

  test.each<readonly [string, (database: IDBDatabase) => unknown]>([
    ['without an event', (database) => database.close()],
    ['with one', (database) => (database.close(), database.dispatchEvent(new Event('close')))],
    ['in the eyes of the browser alone', (database) => database.dispatchEvent(new Event('close'))],
  ])('%s is made anew, and nobody notices', async (_, drop) => {
    const name = newName()
    const open = connections()
    const run = await begin(name)
    append(run, 1, 3)
    await committed(run.journal, 3)
    open().forEach(drop)
    append(run, 4, 5)
    await committed(run.journal, 5)
    expect(run.journal.persistence).toEqual({ mode: 'disk' })
    expect(open()).toHaveLength(2)
    vi.restoreAllMocks()
    await expectAllOnDisk(name, run, texts(1, 6), 6)
  })

  test('is in the way of nobody who deletes the database, however often it was made', async () => {
    const name = newName()
    const open = connections()
    const run = await begin(name)
    for (let seq = 1; seq <= 3; seq++) {
      append(run, seq, seq)
      await committed(run.journal, seq)
      open().at(-1)?.dispatchEvent(new Event('close'))
    }
    append(run, 4, 4)
    await committed(run.journal, 4)
    await deleteRaw(name)
    await expectAllOnDisk(name, run, texts(1, 5), 5)
  })
})

describe('a store that somebody else changes', () => {
  test.each<readonly [string, (name: string) => Promise<void>]>([
    ['cleared', (name) => tamper(name, (store) => void store.clear())],
    ['without its head', (name) => tamper(name, (store) => void store.delete('head'))],
    ['with a head that is none', (name) => tamper(name, (store) => void store.put('garbage', 'head'))],
    ['deleted', deleteRaw],
  ])('%s between two commits: all that is in memory is written again', async (_, change) => {
    const name = newName()
    const run = await begin(name)
    append(run, 1, 3)
    await committed(run.journal, 3)
    await change(name)
    append(run, 4, 5)
    await committed(run.journal, 5)
    expect(run.journal.persistence).toEqual({ mode: 'disk' })
    expect(run.calls.superseded).toBe(0)
    expect([...(await recordsOf(name)).keys()]).toEqual([1, 'head'])
    await expectAllOnDisk(name, run, texts(1, 6), 6)
  })

  test('again and again: it is written again each time', async () => {
    const name = newName()
    const run = await begin(name)
    for (let seq = 1; seq <= 5; seq++) {
      append(run, seq, seq)
      await committed(run.journal, seq)
      await tamper(name, (store) => void store.clear())
    }
    await expectAllOnDisk(name, run, texts(1, 6), 6)
  })
})

describe('records that are not sound', () => {
  /** On disk: segments of two entries at 1, 3 and 5. */
  const stored = async () => {
    const name = newName()
    const run = await begin(name)
    for (let seq = 1; seq <= 5; seq += 2) {
      append(run, seq, seq + 1)
      await committed(run.journal, seq + 1)
    }
    run.journal.close()
    const records = await recordsOf(name)
    return { name, earlier: run, records }
  }

  type Records = ReadonlyMap<IDBValidKey, unknown>

  /** Each: what is wrong, what makes it so, and of which entries the next run still knows. */
  const cases: readonly (readonly [
    string,
    (store: IDBObjectStore, records: Records) => unknown,
    readonly number[],
  ])[] = [
    ['garbage in the middle', (store) => store.put('garbage', 3), [5, 6]],
    ['garbage at the end', (store) => store.put({ texts: 7 }, 5), []],
    ['garbage at the start', (store) => store.put(null, 1), [3, 4, 5, 6]],
    ['a segment missing in the middle', (store) => store.delete(3), [5, 6]],
    ['a segment missing at the end', (store) => store.delete(5), []],
    ['one that overlaps another', (store, records) => store.put(records.get(3), 4), [5, 6]],
    ['one that overlaps the last', (store, records) => store.put(records.get(5), 6), []],
    ['one beyond the head', (store, records) => store.put(records.get(5), 7), [1, 2, 3, 4, 5, 6]],
    ['one far beyond the head', (store, records) => store.put(records.get(5), 70_000), [1, 2, 3, 4, 5, 6]],
    ['one between whole numbers', (store, records) => store.put(records.get(1), 2.5), [3, 4, 5, 6]],
    ['one at 0', (store, records) => store.put(records.get(1), 0), [1, 2, 3, 4, 5, 6]],
    [
      'a head that no segment reaches',
      (store, records) => store.put({ ...(records.get('head') as object), last: 10 }, 'head'), // it is one
      [],
    ],
    [
      'a head that the segments are ahead of',
      (store, records) => store.put({ ...(records.get('head') as object), last: 4 }, 'head'), // as above
      [1, 2, 3, 4],
    ],
    ['records under other names', (store) => store.put('foreign', 'name'), [1, 2, 3, 4, 5, 6]],
  ]

  test.each(cases)('%s: only what is unbroken up to the head counts', async (_, spoil, known) => {
    const { name, records } = await stored()
    await tamper(name, (store) => void spoil(store, records))
    const run = await begin(name)
    const expected = known.map((seq) => `e${seq}`)
    expect(readable(run)).toEqual(expected)
    expect(run.journal.cursor).toEqual(cursorAt(6))
    expect(run.journal.persistence).toEqual({ mode: 'disk' })
    const { last } = run.journal.range
    append(run, 20, 21)
    await committed(run.journal, last + 2)
    const next = await begin(name)
    expect(readable(next)).toEqual([...expected, 'e20', 'e21'])
    expect(next.journal.cursor).toEqual(cursorAt(21))
  })

  test.each(cases)('%s: what does not count does not stay', async (_, spoil, known) => {
    const { name, records } = await stored()
    await tamper(name, (store) => void spoil(store, records))
    await begin(name)
    const numbers = [...(await recordsOf(name)).keys()].filter((key) => typeof key === 'number')
    expect(numbers).toEqual([1, 3, 5].filter((seq) => known.includes(seq)))
  })

  test.each([
    ['garbage', 'garbage'],
    ['null', null],
    ['of another kind', { cursor: null, last: -1, runs: [] }],
  ])('a head that is %s: it begins anew', async (_, head) => {
    const { name, earlier } = await stored()
    await tamper(name, (store) => void store.put(head, 'head'))
    const run = await begin(name)
    expect([readable(run), run.journal.cursor, run.journal.range]).toEqual([[], null, { first: 1, last: 0 }])
    expect(run.journal.read({ instance: earlier.instance, offset: 6 }, 10).gap).toBe('journal_lost')
    append(run, 20, 21)
    await committed(run.journal, 2)
    expect([...(await recordsOf(name)).keys()]).toEqual([1, 'head'])
    const next = await begin(name)
    expect(readable(next)).toEqual(['e20', 'e21'])
  })

  test('a segment that is huge is read, and goes when it is old', async () => {
    const name = newName()
    const run = await begin(name)
    append(run, 1, 60_000)
    await committed(run.journal, 60_000)
    run.journal.close()
    const next = await begin(name)
    expect(readable(next)).toEqual(texts(60_000 - 2_047, 60_000))
    for (let group = 0; group < 3; group++) {
      append(next, 60_001 + group * 1_000, 61_000 + group * 1_000)
      await committed(next.journal, 61_000 + group * 1_000)
    }
    expect([...(await recordsOf(name)).keys()]).toEqual([60_001, 61_001, 62_001, 'head'])
  })
})
