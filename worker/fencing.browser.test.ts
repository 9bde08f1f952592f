/** Two runs on one database: the older one must not write once the newer one has begun. On a real IndexedDB. */
import { afterEach, describe, expect, test } from 'vitest'
import { deferred } from './fakes/deferred.js'
import { HandClock } from './hand-clock.js'
import {
  cleanUp,
  committed,
  create,
  cursorAt,
  entries,
  newName,
  occupy,
  onDisk,
  readable,
  recordsOf,
  start,
  tamper,
  texts,
  type Run,
} from './fakes/stored-journal.js'

afterEach(cleanUp)

const superseded = async (run: Run): Promise<void> => {
  await expect.poll(() => run.calls.superseded).toBe(1)
}

/** A run at the same time as the others: their entries are not too old for it. */
const startNext = (name: string) => start(name, { clock: new HandClock() })

/** A run that has got `e1` to `e3` to disk. */
const startOlder = async (name: string, clock = new HandClock()) => {
  const older = await start(name, { clock })
  older.journal.append(entries(1, 3), cursorAt(3))
  await committed(older.journal, 3)
  return { ...older, clock }
}

describe('the older of two runs', () => {
  test('may not write once the newer one has written', async () => {
    const name = newName()
    const older = await startOlder(name)
    const newer = await startNext(name)
    newer.journal.append(entries(20, 21), cursorAt(21))
    await committed(newer.journal, 5)
    const before = await recordsOf(name)

    older.journal.append(entries(4, 9), cursorAt(9))
    await superseded(older)
    expect(await recordsOf(name)).toEqual(before)
    expect(readable(older)).toEqual(texts(1, 3))
    expect(newer.calls.superseded).toBe(0)
  })

  test('may not write either once the newer one has written nothing but its run', async () => {
    const name = newName()
    const older = await startOlder(name)
    await startNext(name)
    const before = await recordsOf(name)
    older.journal.append(entries(4, 9), cursorAt(9))
    await superseded(older)
    expect(await recordsOf(name)).toEqual(before)
    expect(readable(older)).toEqual(texts(1, 3))
  })

  test('commits nothing any more, not even in memory, and is told once', async () => {
    const name = newName()
    const older = await startOlder(name)
    await startNext(name)
    older.journal.append(entries(4, 4), cursorAt(4))
    await superseded(older)
    const { writes } = older.faults
    older.journal.append(entries(5, 9), cursorAt(9))
    older.clock.advance(3_600_000)
    // A transaction from here is done after any that the older one could have begun.
    await recordsOf(name)
    expect(older.faults.writes).toBe(writes)
    expect(readable(older)).toEqual(texts(1, 3))
    expect(older.calls.superseded).toBe(1)
    expect(older.clock.pending).toBe(0)
  })

  test('is refused what it tries in one go with its first failure: entries stay unread', async () => {
    const name = newName()
    const older = await startOlder(name)
    await startNext(name)
    for (let seq = 4; seq <= 50; seq++) older.journal.append(entries(seq, seq), cursorAt(seq))
    await superseded(older)
    expect(older.journal.range.last).toBe(3)
  })

  test('is refused also when its write hung past the deadline while the newer one began', async () => {
    const name = newName()
    const older = await startOlder(name)
    const letGo = deferred<void>()
    older.faults.hang = letGo.promise
    older.journal.append(entries(4, 5), cursorAt(5))
    older.clock.advance(1_000)
    await expect.poll(() => older.journal.persistence.mode).toBe('memory')

    const newer = await startNext(name)
    newer.journal.append(entries(20, 21), cursorAt(21))
    await committed(newer.journal, 5)
    older.faults.hang = null
    letGo.resolve()
    await superseded(older)
    older.journal.append(entries(6, 9), cursorAt(9))
    older.clock.advance(3_600_000)
    newer.journal.append(entries(22, 22), cursorAt(22))
    await committed(newer.journal, 6)

    expect(older.journal.range.last).toBe(5)
    expect(newer.calls.superseded).toBe(0)
    newer.journal.close()
    expect(readable(await startNext(name))).toEqual([...texts(1, 3), ...texts(20, 22)])
  })

  test('has its write counted if it was only slow: the newer one waits for it and reads it', async () => {
    const name = newName()
    const older = await startOlder(name)
    const letGo = await occupy(name)
    older.journal.append(entries(4, 5), cursorAt(5))
    older.clock.advance(1_000)
    await expect.poll(() => older.journal.persistence.mode).toBe('memory')
    const newer = create(name, { clock: new HandClock() })
    const loaded = newer.journal.load()
    letGo()
    await loaded
    expect(readable(newer)).toEqual(texts(1, 5))
    expect(newer.journal.cursor).toEqual(cursorAt(5))
  })

  test('is refused also when it found nothing to read, and its very first write hung', async () => {
    const name = newName()
    const clock = new HandClock()
    const older = create(name, { clock })
    // The read is let through, the write after it hangs.
    const letGo = deferred<void>()
    const { use } = older.store
    let uses = 0
    const journal = create(name, {
      clock,
      instance: older.instance,
      superseded: () => (older.calls.superseded += 1),
      store: {
        ...older.store,
        use: async (mode, callback) => {
          uses += 1
          if (uses > 1) await letGo.promise
          return use(mode, callback)
        },
      },
    }).journal
    const loaded = journal.load()
    await expect.poll(() => uses).toBe(2)
    clock.advance(1_000)
    await loaded

    const newer = await startNext(name)
    newer.journal.append(entries(1, 2), cursorAt(2))
    await committed(newer.journal, 2)
    letGo.resolve()
    await superseded(older)
    newer.journal.append(entries(3, 3), cursorAt(3))
    await committed(newer.journal, 3)
    expect(newer.calls.superseded).toBe(0)
    expect(newer.journal.persistence).toEqual({ mode: 'disk' })
  })

  test('is refused also when the store was cleared, and the newer one has filled it again', async () => {
    const name = newName()
    const older = await startOlder(name)
    // Two uses of the older one: the first finds the store cleared, the second finds the newer run in it.
    const letGo = deferred<void>()
    await tamper(name, (store) => store.clear())
    older.journal.append(entries(4, 4), cursorAt(4))
    older.faults.hang = letGo.promise
    await expect.poll(() => older.faults.writes).toBe(4)
    const newer = await startNext(name)
    newer.journal.append(entries(20, 20), cursorAt(20))
    await committed(newer.journal, 1)
    letGo.resolve()
    await superseded(older)
    expect(newer.calls.superseded).toBe(0)
    newer.journal.close()
    expect(readable(await startNext(name))).toEqual(['e20'])
  })
})

test('a run that the older one has written past since it read is told, and writes nothing', async () => {
  const name = newName()
  const older = await startOlder(name)
  const newer = create(name, { clock: new HandClock() })
  const letGo = deferred<void>()
  const { use } = newer.store
  let uses = 0
  const late = create(name, {
    clock: new HandClock(),
    store: {
      ...newer.store,
      // The first use reads, the second writes.
      use: async (mode, callback) => {
        uses += 1
        if (uses > 1) await letGo.promise
        return use(mode, callback)
      },
    },
  })
  const loaded = late.journal.load()
  await expect.poll(() => uses).toBe(2)
  older.journal.append(entries(4, 4), cursorAt(4))
  await committed(older.journal, 4)
  const before = await recordsOf(name)
  letGo.resolve()
  await loaded
  await superseded(late)
  expect(await recordsOf(name)).toEqual(before)
  expect(readable(await startNext(name))).toEqual(texts(1, 4))
})

test('three runs: only the newest may write', async () => {
  const name = newName()
  const runs = [await startNext(name), await startNext(name), await startNext(name)] as const
  for (const run of runs) run.journal.append(entries(50, 50), cursorAt(50))
  await superseded(runs[0])
  await superseded(runs[1])
  await onDisk(name, 1)
  expect(runs[2].calls.superseded).toBe(0)
})

test('a run that has ended by itself is not told that another one has begun', async () => {
  const name = newName()
  const older = await startOlder(name)
  await startNext(name)
  older.journal.append(entries(4, 4), cursorAt(4))
  older.journal.close()
  await recordsOf(name)
  await recordsOf(name)
  expect(older.calls.superseded).toBe(0)
})
