/** What of the entries is kept, where, and for how long. On a real IndexedDB. */
import { afterEach, describe, expect, test } from 'vitest'
import type { StorageOptions } from '../src/bridge.js'
import { HandClock } from './hand-clock.js'
import { storageDefaults } from './fakes/journal.js'
import {
  cleanUp,
  committed,
  cursorAt,
  entries,
  exists,
  keyed,
  newName,
  occupy,
  readable,
  recordsOf,
  start,
  texts,
  type Run,
} from './fakes/stored-journal.js'

afterEach(cleanUp)

/** Starts a run with some options other than the defaults. */
const startWith = (
  name: string,
  changes: Partial<StorageOptions>,
  clock = new HandClock(),
  needed?: () => number,
) => start(name, { clock, options: { ...storageDefaults, ...changes }, ...(needed && { needed }) })

/** Appends `e<from>` to `e<to>` as one group, and waits until they can be read. */
const add = async ({ journal }: Run, from: number, to: number): Promise<void> => {
  const before = journal.range.last
  journal.append(entries(from, to), cursorAt(to))
  await committed(journal, before + to - from + 1)
}

/** Everything on disk, as one text to look for things in. */
const dump = async (name: string): Promise<string> => JSON.stringify([...(await recordsOf(name)).values()])

/** The text of this entry is on disk; keys have a prefix. */
const hasText = async (name: string, text: string): Promise<boolean> =>
  (await dump(name)).includes(`"${text}"`)

const keysOf = ({ journal }: Run): readonly string[] => journal.traces.flatMap(({ keys }) => keys)

const keysFrom = (from: number, to: number): string[] => entries(from, to).flatMap(({ keys }) => keys)

/** Where the segments begin. */
const segmentsOf = async (name: string): Promise<IDBValidKey[]> =>
  [...(await recordsOf(name)).keys()].filter((key) => key !== 'head')

describe("persist: 'events'", () => {
  test('has the texts on disk', async () => {
    const name = newName()
    await add(await startWith(name, {}), 1, 3)
    expect(await hasText(name, 'e2')).toBe(true)
  })
})

describe("persist: 'cursor'", () => {
  test('has no text on disk, and says that it is on disk', async () => {
    const name = newName()
    const run = await startWith(name, { persist: 'cursor' })
    await add(run, 1, 3)
    expect(readable(run)).toEqual(texts(1, 3))
    expect(run.journal.persistence).toEqual({ mode: 'disk' })
    for (const text of texts(1, 3)) expect(await hasText(name, text)).toBe(false)
    expect(await segmentsOf(name)).toEqual([1])
  })

  test('leaves the cursor and the keys to the next run', async () => {
    const name = newName()
    await add(await startWith(name, { persist: 'cursor' }), 1, 3)
    const next = await startWith(name, { persist: 'cursor' })
    expect(next.journal.cursor).toEqual(cursorAt(3))
    expect(keysOf(next)).toEqual(keysFrom(1, 3))
  })

  test('leaves them to the runs after that one too', async () => {
    const name = newName()
    for (let seq = 1; seq <= 5; seq++) await add(await startWith(name, { persist: 'cursor' }), seq, seq)
    const next = await startWith(name, { persist: 'cursor' })
    expect(next.journal.cursor).toEqual(cursorAt(5))
    expect(keysOf(next)).toEqual(keysFrom(1, 5))
  })

  test('tells a reader of an earlier run that what it has not read is gone', async () => {
    const name = newName()
    const before = await startWith(name, { persist: 'cursor' })
    await add(before, 1, 3)
    const next = await startWith(name, { persist: 'cursor' })
    await add(next, 4, 5)
    const { instance } = before
    const behind = next.journal.read({ instance, offset: 1 }, 10)
    expect([behind.gap, behind.texts]).toEqual(['journal_exceeded', ['e4', 'e5']])
    expect(next.journal.read({ instance, offset: 3 }, 10)).toMatchObject({
      gap: null,
      position: { offset: 5 },
    })
  })

  test('tells so also before anything else has come', async () => {
    const name = newName()
    const before = await startWith(name, { persist: 'cursor' })
    await add(before, 1, 3)
    const { journal } = await startWith(name, { persist: 'cursor' })
    const reading = journal.read({ instance: before.instance, offset: 1 }, 10)
    expect(reading).toMatchObject({ gap: 'journal_exceeded', texts: [], position: { offset: 3 } })
    expect(journal.range).toEqual({ first: 4, last: 3 })
  })

  test('forgets the keys of what is more than the entries that are kept', async () => {
    const name = newName()
    const options = { persist: 'cursor', maxEntries: 4 } as const
    for (let seq = 1; seq <= 8; seq++) await add(await startWith(name, options), seq, seq)
    expect(keysOf(await startWith(name, options))).toEqual(keysFrom(5, 8))
  })
})

describe("persist: 'none'", () => {
  test('makes no database', async () => {
    const name = newName()
    const run = await startWith(name, { persist: 'none' })
    await add(run, 1, 3)
    expect(await exists(name)).toBe(false)
    expect(run.faults.writes).toBe(0)
    expect(readable(run)).toEqual(texts(1, 3))
    expect(run.journal.persistence).toEqual({ mode: 'memory', reason: 'persist is "none"' })
  })

  test('makes none later either', async () => {
    const name = newName()
    const clock = new HandClock()
    const run = await startWith(name, { persist: 'none', maxAgeMs: 60_000 }, clock)
    for (let seq = 1; seq <= 5; seq++) {
      clock.advance(50_000)
      await add(run, seq, seq)
    }
    run.journal.close()
    expect(await exists(name)).toBe(false)
    expect(run.faults.writes).toBe(0)
  })

  test('deletes what an earlier run has stored', async () => {
    const name = newName()
    const before = await startWith(name, {})
    await add(before, 1, 3)
    before.journal.close()
    const run = await startWith(name, { persist: 'none' })
    expect(await exists(name)).toBe(false)
    expect([run.journal.cursor, keysOf(run)]).toEqual([null, []])
    expect(run.journal.read({ instance: before.instance, offset: 3 }, 10).gap).toBe('journal_lost')
  })

  test('deletes it also while another run has it open', async () => {
    const name = newName()
    await add(await startWith(name, {}), 1, 3)
    await startWith(name, { persist: 'none' })
    expect(await exists(name)).toBe(false)
  })

  test('says if it cannot delete what was stored, and goes on', async () => {
    const name = newName()
    await add(await startWith(name, {}), 1, 3)
    const letGo = await occupy(name)
    const clock = new HandClock()
    const starting = startWith(name, { persist: 'none' }, clock)
    await expect.poll(() => clock.pending).toBe(1)
    clock.advance(5_000)
    const run = await starting
    await add(run, 4, 5)
    expect(readable(run)).toEqual(texts(4, 5))
    expect(run.journal.persistence.reason).toMatch(/cannot be deleted: .*5000 ms/)
    letGo()
    await expect.poll(() => exists(name)).toBe(false)
  })
})

describe('another choice in the next run', () => {
  test("from 'events' to 'cursor': the texts are gone with the first write, their keys are not", async () => {
    const name = newName()
    const before = await startWith(name, {})
    await add(before, 1, 2)
    await add(before, 3, 3)
    const run = await startWith(name, { persist: 'cursor' })
    for (const text of texts(1, 3)) expect(await hasText(name, text)).toBe(false)
    expect(readable(run)).toEqual(texts(1, 3))
    await add(run, 4, 4)
    const next = await startWith(name, { persist: 'cursor' })
    expect(keysOf(next)).toEqual(keysFrom(1, 4))
    expect(await hasText(name, 'e4')).toBe(false)
  })

  test("from 'cursor' to 'events': what came before is known, and what comes can be read", async () => {
    const name = newName()
    const before = await startWith(name, { persist: 'cursor' })
    await add(before, 1, 3)
    await add(await startWith(name, {}), 4, 5)
    const next = await startWith(name, {})
    expect(keysOf(next)).toEqual(keysFrom(1, 5))
    expect(readable(next)).toEqual(texts(4, 5))
    expect(next.journal.read({ instance: before.instance, offset: 2 }, 10).gap).toBe('journal_exceeded')
    expect(next.journal.read({ instance: before.instance, offset: 3 }, 10).gap).toBeNull()
  })

  test("from 'none' to 'events': it begins anew", async () => {
    const name = newName()
    const before = await startWith(name, { persist: 'none' })
    await add(before, 1, 3)
    const run = await startWith(name, {})
    await add(run, 4, 4)
    expect(readable(await startWith(name, {}))).toEqual(['e4'])
    expect(run.journal.read({ instance: before.instance, offset: 3 }, 10).gap).toBe('journal_lost')
  })

  test('fewer entries: the older ones go', async () => {
    const name = newName()
    const before = await startWith(name, {})
    for (let seq = 1; seq <= 20; seq++) await add(before, seq, seq)
    const run = await startWith(name, { maxEntries: 8 })
    expect(readable(run)).toEqual(texts(13, 20))
    expect(await segmentsOf(name)).toHaveLength(8)
    expect(run.journal.read({ instance: before.instance, offset: 3 }, 10).gap).toBe('journal_exceeded')
  })

  test('more entries: those that there are stay', async () => {
    const name = newName()
    const before = await startWith(name, { maxEntries: 4 })
    for (let seq = 1; seq <= 8; seq++) await add(before, seq, seq)
    const run = await startWith(name, {})
    for (let seq = 9; seq <= 12; seq++) await add(run, seq, seq)
    expect(readable(await startWith(name, {}))).toEqual(texts(5, 12))
  })
})

describe('maxEntries', () => {
  test('bounds what is on disk, to the entry where each is its own group', async () => {
    const name = newName()
    const run = await startWith(name, { maxEntries: 8 })
    for (let seq = 1; seq <= 30; seq++) await add(run, seq, seq)
    expect(await segmentsOf(name)).toEqual([23, 24, 25, 26, 27, 28, 29, 30])
    expect(readable(await startWith(name, { maxEntries: 8 }))).toEqual(texts(23, 30))
  })

  test('bounds what is in memory, with a quarter on top', async () => {
    const run = await startWith(newName(), { maxEntries: 8 })
    for (let seq = 1; seq <= 30; seq++) {
      await add(run, seq, seq)
      expect(readable(run).length).toBeLessThanOrEqual(10)
      expect(readable(run).length).toBeGreaterThanOrEqual(Math.min(seq, 8))
    }
  })

  test('may be 1', async () => {
    const name = newName()
    const run = await startWith(name, { maxEntries: 1 })
    for (let seq = 1; seq <= 5; seq++) await add(run, seq, seq)
    expect(readable(run)).toEqual(['e5'])
    expect(await segmentsOf(name)).toEqual([5])
  })

  test('does not take from a tab what it still needs', async () => {
    const name = newName()
    const run = await startWith(name, { maxEntries: 8 }, new HandClock(), () => 2)
    for (let seq = 1; seq <= 30; seq++) await add(run, seq, seq)
    expect(readable(run).slice(-28)).toEqual(texts(3, 30))
    expect(await segmentsOf(name)).toHaveLength(8)
  })
})

describe('maxAgeMs', () => {
  const maxAgeMs = 60_000

  test('lets entries go, from memory and disk, although nothing else comes', async () => {
    const name = newName()
    const clock = new HandClock()
    const run = await startWith(name, { maxAgeMs }, clock)
    await add(run, 1, 3)
    clock.advance(maxAgeMs)
    expect(readable(run)).toEqual(texts(1, 3))
    clock.advance(1)
    await expect.poll(() => readable(run)).toEqual([])
    expect(await segmentsOf(name)).toEqual([])
    expect(run.journal.range).toEqual({ first: 4, last: 3 })
  })

  test('lets them go one group after the other', async () => {
    const name = newName()
    const clock = new HandClock()
    const run = await startWith(name, { maxAgeMs }, clock)
    await add(run, 1, 2)
    clock.advance(30_000)
    await add(run, 3, 4)
    clock.advance(30_001)
    await expect.poll(() => readable(run)).toEqual(texts(3, 4))
    expect(await segmentsOf(name)).toEqual([3])
    clock.advance(30_000)
    await expect.poll(() => readable(run)).toEqual([])
    expect(await segmentsOf(name)).toEqual([])
  })

  test('leaves the cursor and the offsets as they are', async () => {
    const name = newName()
    const clock = new HandClock()
    const run = await startWith(name, { maxAgeMs }, clock)
    await add(run, 1, 3)
    clock.advance(maxAgeMs + 1)
    await expect.poll(() => readable(run)).toEqual([])
    const next = await startWith(name, { maxAgeMs }, clock)
    expect(next.journal.cursor).toEqual(cursorAt(3))
    await add(next, 4, 4)
    expect(next.journal.range).toEqual({ first: 4, last: 4 })
    const { instance } = run
    expect(next.journal.read({ instance, offset: 2 }, 10).gap).toBe('journal_exceeded')
    expect(next.journal.read({ instance, offset: 3 }, 10).gap).toBeNull()
  })

  test('lets go at its start what has become too old meanwhile', async () => {
    const name = newName()
    const clock = new HandClock()
    await add(await startWith(name, { maxAgeMs }, clock), 1, 3)
    clock.sleep(maxAgeMs + 1)
    const next = await startWith(name, { maxAgeMs }, clock)
    expect(readable(next)).toEqual([])
    expect(await segmentsOf(name)).toEqual([])
  })

  test('leaves in memory what a tab still needs, and takes it from the disk', async () => {
    const name = newName()
    const clock = new HandClock()
    let needed = 1
    const run = await startWith(name, { maxAgeMs }, clock, () => needed)
    await add(run, 1, 3)
    clock.advance(maxAgeMs + 1)
    await expect.poll(() => segmentsOf(name)).toEqual([])
    expect(run.journal.read({ instance: run.instance, offset: 1 }, 10)).toMatchObject({
      gap: null,
      texts: ['e2', 'e3'],
    })
    needed = 3
    clock.advance(5_000)
    await expect.poll(() => readable(run)).toEqual([])
  })

  test('may be without end', async () => {
    const name = newName()
    const clock = new HandClock()
    const run = await startWith(name, { maxAgeMs: Number.POSITIVE_INFINITY }, clock)
    await add(run, 1, 3)
    clock.advance(10 * 365 * 86_400_000)
    await add(run, 4, 4)
    expect(readable(run)).toEqual(texts(1, 4))
    expect(await segmentsOf(name)).toEqual([1, 4])
  })

  test('keeps no timer once the journal is closed', async () => {
    const clock = new HandClock()
    const run = await startWith(newName(), { maxAgeMs }, clock)
    await add(run, 1, 3)
    expect(clock.pending).toBe(1)
    run.journal.close()
    expect(clock.pending).toBe(0)
  })
})

describe('maxBytes', () => {
  /** Of 100 characters, so of 200 bytes. */
  const long = (seq: number) => keyed(String(seq).padStart(100, '.'))

  const addLong = async ({ journal }: Run, seq: number): Promise<void> => {
    journal.append([long(seq)], cursorAt(seq))
    await committed(journal, seq)
  }

  test('bounds the text, in memory and on disk', async () => {
    const name = newName()
    const run = await startWith(name, { maxBytes: 1_000 })
    for (let seq = 1; seq <= 12; seq++) {
      await addLong(run, seq)
      expect(readable(run)).toHaveLength(Math.min(seq, 5))
    }
    const next = await startWith(name, { maxBytes: 1_000 })
    expect(readable(next)).toEqual([8, 9, 10, 11, 12].map((seq) => long(seq).text))
  })

  test('takes from a tab what it still needs, and tells it', async () => {
    const run = await startWith(newName(), { maxBytes: 1_000 }, new HandClock(), () => 0)
    for (let seq = 1; seq <= 12; seq++) await addLong(run, seq)
    expect(run.journal.read({ instance: run.instance, offset: 1 }, 10).gap).toBe('journal_exceeded')
  })

  test('leaves nothing of an entry that is larger by itself, but its place', async () => {
    const run = await startWith(newName(), { maxBytes: 100 })
    await addLong(run, 1)
    expect(run.journal.range).toEqual({ first: 2, last: 1 })
    expect(run.journal.read({ instance: run.instance, offset: 0 }, 10).gap).toBe('journal_exceeded')
  })

  test('holds for what an earlier run has stored', async () => {
    const name = newName()
    const before = await startWith(name, {})
    for (let seq = 1; seq <= 12; seq++) await addLong(before, seq)
    expect(readable(await startWith(name, { maxBytes: 1_000 }))).toHaveLength(5)
  })
})
