/** Journals on a real IndexedDB, with faults between the two, and a way past them to the records. In a browser only. */
import { promisifyRequest, type UseStore } from 'idb-keyval'
import { expect } from 'vitest'
import { systemClock } from '../clock.js'
import type { Cursor } from '../cursor.js'
import type { NewEntry } from '../entry.js'
import { Journal, type JournalContext } from '../journal.js'
import { openStore, type Store } from '../store.js'
import { storageDefaults } from './journal.js'

export const cursorAt = (seq: number): Cursor => ({
  seq,
  epoch: null,
  era: 0,
  at: 1_000 + seq,
  exact: false,
})

/** An entry with a key of its own, which says its text. */
export const keyed = (text: string): NewEntry => ({
  text,
  replayed: false,
  notice: false,
  keys: [`message.created:${text}`],
  forgets: [],
  at: 1_000,
})

/** The entries `e<from>` to `e<to>`. */
export const entries = (from: number, to: number): NewEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => keyed(`e${from + index}`))

/** The texts of these. */
export const texts = (from: number, to: number): string[] => entries(from, to).map(({ text }) => text)

/** What stands between a journal and its store. */
export interface Faults {
  /** Every use fails with this. */
  error: Error | null
  /** Every use waits for this first. */
  hang: Promise<void> | null
  /** Once all that a transaction has to write is written, it is aborted, with this error if there is one. */
  abort: { readonly error: Error | null } | null
  /** How many transactions were begun for writing. */
  writes: number
}

/** Nothing fires but `abort`, as where the disk is full at the commit. */
const abortAtCommit = (store: IDBObjectStore, error: Error | null): void => {
  const { transaction } = store
  // Once it is called no request can be made, and no abort.
  Object.defineProperty(transaction, 'commit', { value: () => undefined })
  // Requests are answered in order, so all others have succeeded by then.
  store.count().addEventListener('success', () => {
    if (error) Object.defineProperty(transaction, 'error', { value: error })
    transaction.abort()
  })
}

let databases = 0
const opened = new Map<Store, string>()

/** A name that no other database has. */
export const newName = (): string => `tabmux-test-${crypto.randomUUID()}-${++databases}`

const open = (name: string): { store: Store; faults: Faults } => {
  const real = openStore(name)
  opened.set(real, name)
  const faults: Faults = { error: null, hang: null, abort: null, writes: 0 }
  const use: UseStore = async (mode, callback) => {
    if (mode === 'readwrite') faults.writes += 1
    if (faults.hang) await faults.hang
    if (faults.error) throw faults.error
    return real.use(mode, (store) => {
      const result = callback(store)
      if (mode === 'readwrite' && faults.abort) abortAtCommit(store, faults.abort.error)
      return result
    })
  }
  return { store: { ...real, use }, faults }
}

/** A run of a hub's journal on a database, before it has read what is there. */
export const create = (name: string, context: Partial<JournalContext> = {}) => {
  const { store, faults } = open(name)
  const instance = crypto.randomUUID()
  const calls = { superseded: 0 }
  const journal = new Journal({
    store,
    clock: systemClock,
    commitPauseMs: 0,
    instance,
    changed: () => undefined,
    needed: () => Number.POSITIVE_INFINITY,
    options: storageDefaults,
    superseded: () => (calls.superseded += 1),
    ...context,
  })
  return { journal, faults, instance, store, calls }
}

/** The same, once it has. */
export const start = async (name: string, context: Partial<JournalContext> = {}) => {
  const run = create(name, context)
  await run.journal.load()
  return run
}

/** A run as {@link start} gives it. */
export type Run = ReturnType<typeof create>

/** Waits until the entries up to `last` can be read. */
export const committed = async (journal: Journal, last: number): Promise<void> => {
  await expect.poll(() => journal.range.last).toBe(last)
}

/** Waits until what was appended is on disk. */
export const onDisk = async (name: string, last: number): Promise<void> => {
  await expect.poll(async () => (await recordsOf(name)).get('head')).toMatchObject({ last })
}

/** What a reader gets after an offset. */
export const textsFrom = (journal: Journal, instance: string, offset: number): readonly string[] =>
  journal.read({ instance, offset }, 100_000).texts

/** All that a run can read. */
export const readable = ({ journal, instance }: Run): readonly string[] => textsFrom(journal, instance, 0)

// ── the database, past the journal ─────────────────────────────────────────────────────────────────────────

/** Lets a store of its own do something, in one transaction. */
const inDatabase = async <T>(
  name: string,
  mode: IDBTransactionMode,
  callback: (store: IDBObjectStore) => Promise<T>,
): Promise<T> => {
  const store = openStore(name)
  try {
    return await store.use(mode, callback)
  } finally {
    store.close()
  }
}

/** What is stored, by key. */
export const recordsOf = (name: string): Promise<Map<IDBValidKey, unknown>> =>
  inDatabase(name, 'readonly', async (store) => {
    const [keys, values] = await Promise.all([
      promisifyRequest(store.getAllKeys()),
      promisifyRequest<unknown[]>(store.getAll()),
    ])
    return new Map(keys.map((key, index) => [key, values[index]]))
  })

/** Changes what is stored, behind the journal's back. */
export const tamper = (name: string, change: (store: IDBObjectStore) => void): Promise<void> =>
  inDatabase(name, 'readwrite', (store) => {
    change(store)
    return promisifyRequest(store.transaction)
  })

/** Opens a database with nothing between, and makes it first what it is to be. */
export const openRaw = async (
  name: string,
  version: number,
  upgrade: (database: IDBDatabase) => void = () => undefined,
): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, version)
  request.addEventListener('upgradeneeded', () => upgrade(request.result))
  return promisifyRequest(request)
}

/** Deletes a database. */
export const deleteRaw = async (name: string): Promise<void> => {
  await promisifyRequest(indexedDB.deleteDatabase(name))
}

/** Is there a database of this name? */
export const exists = async (name: string): Promise<boolean> =>
  (await indexedDB.databases()).some((database) => database.name === name)

/** Keeps a transaction open that all others of this store have to wait for, until what it returns is called. */
export const occupy = async (name: string): Promise<() => void> => {
  const database = await openRaw(name, 1)
  const store = database.transaction('journal', 'readwrite').objectStore('journal')
  let isOver = false
  const keepOpen = (): void => {
    if (!isOver) store.count().addEventListener('success', keepOpen)
  }
  keepOpen()
  return () => {
    isOver = true
    database.close()
  }
}

/** Closes and deletes every database that was opened by {@link create}. */
export const cleanUp = async (): Promise<void> => {
  const names = new Set(opened.values())
  for (const store of opened.keys()) store.close()
  opened.clear()
  for (const name of names) await deleteRaw(name)
}
