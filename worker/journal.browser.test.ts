/** The journal on a real IndexedDB. Faults are put between the two. */
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from './clock.js'
import { storageDefaults } from './fakes/journal.js'
import {
  cleanUp,
  committed,
  cursorAt,
  entries,
  exists,
  keyed,
  newName,
  start,
  textsFrom,
} from './fakes/stored-journal.js'

afterEach(cleanUp)

describe('a run', () => {
  test('makes entries readable once they are committed, with offsets from 1', async () => {
    const { journal, instance } = await start(newName())
    journal.append(entries(1, 3), cursorAt(3))
    expect(journal.range.last).toBe(0)
    await committed(journal, 3)
    const { texts: read, replayed, position, gap } = journal.read({ instance, offset: 1 }, 10)
    expect([read, replayed]).toEqual([['e2', 'e3'], []])
    expect([position, gap]).toEqual([{ instance, offset: 3 }, null])
  })

  test('commits what gathers during a transaction as one group', async () => {
    const { journal, faults } = await start(newName())
    const before = faults.writes
    for (let seq = 1; seq <= 100; seq++) journal.append(entries(seq, seq), cursorAt(seq))
    await committed(journal, 100)
    expect(faults.writes - before).toBe(2)
  })

  test('says which of the entries that it gives were replayed', async () => {
    const { journal, instance } = await start(newName())
    journal.append([...entries(1, 2), { ...keyed('again'), replayed: true }, ...entries(3, 3)], cursorAt(3))
    await committed(journal, 4)
    expect(journal.read({ instance, offset: 1 }, 10).replayed).toEqual([1])
    expect(journal.read({ instance, offset: 2 }, 10).replayed).toEqual([0])
    expect(journal.read({ instance, offset: 2 }, 10).replayed).toEqual([0])
  })

  test('reads no more than asked for', async () => {
    const { journal, instance } = await start(newName())
    journal.append(entries(1, 10), cursorAt(10))
    await committed(journal, 10)
    const reading = journal.read({ instance, offset: 2 }, 3)
    expect(reading.texts).toEqual(['e3', 'e4', 'e5'])
    expect(reading.position.offset).toBe(5)
  })

  test('tells a reader that is behind the oldest entry that there is a gap', async () => {
    const { journal, instance } = await start(newName())
    for (let group = 0; group < 4; group++) {
      journal.append(entries(group * 1_000 + 1, group * 1_000 + 1_000), cursorAt(1))
      await committed(journal, (group + 1) * 1_000)
    }
    const reading = journal.read({ instance, offset: 1 }, 1)
    expect(reading.gap).toBe('journal_exceeded')
    expect(reading.position.offset - reading.texts.length + 1).toBe(journal.range.first)
    expect(journal.read({ instance, offset: 3_000 }, 1).gap).toBeNull()
  })

  test('keeps more in memory for a reader that is slow', async () => {
    const { journal, instance } = await start(newName(), { needed: () => 10 })
    for (let group = 0; group < 4; group++) {
      journal.append(entries(group * 1_000 + 1, group * 1_000 + 1_000), cursorAt(1))
      await committed(journal, (group + 1) * 1_000)
    }
    expect(textsFrom(journal, instance, 10)).toHaveLength(3_990)
  })

  test('holds no more than 32 MiB of text, in memory and on disk', async () => {
    const name = newName()
    const { journal } = await start(name, { needed: () => 0 })
    const large = 'x'.repeat(1_048_576)
    for (let seq = 1; seq <= 40; seq++) {
      journal.append([keyed(large)], cursorAt(seq))
      await committed(journal, seq)
    }
    expect(journal.range).toEqual({ first: 9, last: 40 })
    journal.close()
    expect((await start(name)).journal.range.first).toBe(9)
  })

  test('finds the newest entries that are wanted', async () => {
    const { journal } = await start(newName())
    journal.append([...entries(1, 3), { ...keyed('told'), notice: true }], cursorAt(3))
    await committed(journal, 4)
    expect(journal.newest(2, ({ notice }) => !notice).map(({ text }) => text)).toEqual(['e2', 'e3'])
    expect(journal.newest(9, () => true)).toHaveLength(4)
  })
})

describe('the next run', () => {
  test('has the entries, their keys and the cursor of the one before, and goes on counting', async () => {
    const name = newName()
    const before = await start(name)
    before.journal.append(entries(1, 3), cursorAt(3))
    await committed(before.journal, 3)
    before.journal.close()

    const { journal, instance } = await start(name)
    expect(journal.cursor).toEqual(cursorAt(3))
    expect(journal.traces.map(({ keys }) => keys[0])).toEqual(entries(1, 3).map(({ keys }) => keys[0]))
    journal.append(entries(4, 4), cursorAt(4))
    await committed(journal, 4)
    expect(textsFrom(journal, instance, 2)).toEqual(['e3', 'e4'])
  })

  test('knows a position of the one before', async () => {
    const name = newName()
    const before = await start(name)
    before.journal.append(entries(1, 3), cursorAt(3))
    await committed(before.journal, 3)
    before.journal.close()
    const { journal } = await start(name)
    const reading = journal.read({ instance: before.instance, offset: 1 }, 10)
    expect(reading.texts).toEqual(['e2', 'e3'])
    expect(reading.gap).toBeNull()
  })

  test('knows a position of a run that has appended nothing', async () => {
    const name = newName()
    const before = await start(name)
    before.journal.close()
    const { journal } = await start(name)
    // Nor is there a cursor: that what came between the two runs is not known is the session's to tell.
    expect(journal.read({ instance: before.instance, offset: 0 }, 10).gap).toBeNull()
    expect(journal.hasPast).toBe(true)
  })

  test('knows a position of a run that has appended nothing but had a cursor', async () => {
    const name = newName()
    const first = await start(name)
    first.journal.append(entries(1, 1), cursorAt(1))
    await committed(first.journal, 1)
    first.journal.close()
    const before = await start(name)
    before.journal.close()
    const { journal } = await start(name)
    expect(journal.read({ instance: before.instance, offset: 1 }, 10).gap).toBeNull()
  })

  test('tells a reader of what never got to disk that it is lost, although the offsets are given again', async () => {
    const name = newName()
    const before = await start(name)
    before.journal.append(entries(1, 3), cursorAt(3))
    await committed(before.journal, 3)
    before.faults.error = new Error('disk full')
    before.journal.append(entries(4, 9), cursorAt(9))
    await committed(before.journal, 9)
    before.journal.close()

    const { journal } = await start(name)
    expect(journal.cursor?.seq).toBe(3)
    journal.append(entries(20, 29), cursorAt(29))
    await committed(journal, 13)
    const reading = journal.read({ instance: before.instance, offset: 8 }, 100)
    expect(reading.gap).toBe('journal_lost')
    expect(reading.texts[0]).toBe('e20')
  })

  test('holds no more on disk than the capacity and one group', async () => {
    const name = newName()
    const before = await start(name)
    for (let group = 0; group < 60; group++) {
      before.journal.append(entries(group * 100 + 1, group * 100 + 100), cursorAt(1))
      await committed(before.journal, (group + 1) * 100)
    }
    before.journal.close()
    const { journal } = await start(name)
    const { first, last } = journal.range
    expect(last).toBe(6_000)
    expect(last - first + 1).toBeGreaterThanOrEqual(storageDefaults.maxEntries)
    expect(last - first + 1).toBeLessThan(storageDefaults.maxEntries + 100)
  })
})

describe('when storage fails', () => {
  test('it goes on in memory, and says why', async () => {
    const { journal, faults, instance } = await start(newName())
    faults.error = new DOMException('no room', 'QuotaExceededError')
    journal.append(entries(1, 2), cursorAt(2))
    await committed(journal, 2)
    expect(journal.persistence).toEqual({ mode: 'memory', reason: 'QuotaExceededError: no room' })
    expect(textsFrom(journal, instance, 0)).toEqual(['e1', 'e2'])
  })

  test('a transaction that hangs holds up nothing, and counts when it is done after all', async () => {
    const name = newName()
    const { journal, faults } = await start(name)
    let letGo = (): void => undefined
    faults.hang = new Promise((resolve) => (letGo = () => resolve(undefined)))
    journal.append(entries(1, 2), cursorAt(2))
    await committed(journal, 2)
    expect(journal.persistence).toMatchObject({ mode: 'memory', reason: expect.stringContaining('1000 ms') })
    journal.append(entries(3, 4), cursorAt(4))
    faults.hang = null
    letGo()
    await expect.poll(() => journal.persistence.mode).toBe('disk')
    await expect.poll(async () => (await start(name)).journal.cursor?.seq).toBe(4)
  })

  test('it returns to disk with everything that has gathered', async () => {
    const name = newName()
    let now = Date.now()
    const clock = { now: () => now, after: systemClock.after }
    const { journal, faults } = await start(name, { clock })
    faults.error = new Error('disk full')
    journal.append(entries(1, 2), cursorAt(2))
    await committed(journal, 2)
    journal.append(entries(3, 3), cursorAt(3))
    faults.error = null
    now += 5_000
    journal.append(entries(4, 4), cursorAt(4))
    await expect.poll(() => journal.persistence).toEqual({ mode: 'disk' })
    journal.close()
    const next = await start(name)
    expect(textsFrom(next.journal, next.instance, 0)).toEqual(['e1', 'e2', 'e3', 'e4'])
  })

  test('a database that somebody deletes under it is made anew', async () => {
    const name = newName()
    const { journal } = await start(name)
    journal.append(entries(1, 3), cursorAt(3))
    await committed(journal, 3)
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(name).addEventListener('success', resolve)
    })
    journal.append(entries(4, 5), cursorAt(5))
    await committed(journal, 5)
    journal.close()
    const next = await start(name)
    expect(textsFrom(next.journal, next.instance, 0)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5'])
    expect(next.journal.range).toEqual({ first: 1, last: 5 })
  })
})

test('destroy leaves no database behind', async () => {
  const name = newName()
  const { journal } = await start(name)
  journal.append(entries(1, 1), cursorAt(1))
  await committed(journal, 1)
  await journal.destroy()
  expect(await exists(name)).toBe(false)
})
