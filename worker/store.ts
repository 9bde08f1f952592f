/**
 * An IndexedDB database for idb-keyval: a `UseStore` like the one of its `createStore`, which besides survives what
 * browsers do to connections, tells a commit from an abort, and can be closed and deleted.
 *
 * @see https://github.com/jakearchibald/idb-keyval/blob/main/custom-stores.md
 */
import { promisifyRequest, type UseStore } from 'idb-keyval'

const STORE = 'journal'

/** A store that can be given back. */
export interface Store {
  readonly use: UseStore
  /** Closes the connection; the next use opens it again. */
  close(): void
  /** Closes the connection and deletes the database. */
  destroy(): Promise<void>
}

/** Opens a database at its first use. It holds one object store, with keys out of line. */
export const openStore = (name: string): Store => {
  let opening: Promise<IDBDatabase> | null = null

  const close = (): void => {
    void opening?.then((database) => database.close()).catch(() => undefined)
    opening = null
  }

  const open = (): Promise<IDBDatabase> => {
    if (opening) return opening
    const mine = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE))
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () =>
        reject(request.error ?? new Error('IndexedDB cannot be opened')),
      )
    }).then((database) => {
      // Safari drops connections as it likes, and "clear site data" closes them.
      database.addEventListener('close', forget)
      // Somebody deletes the database, or a later build changes it: in the way of neither.
      database.addEventListener('versionchange', () => {
        database.close()
        forget()
      })
      return database
    })
    // Another one may have been opened since.
    const forget = (): void => {
      if (opening === mine) opening = null
    }
    opening = mine
    mine.catch(forget)
    return mine
  }

  const transact = async (mode: IDBTransactionMode) => {
    // Relaxed is the default of today's browsers: a commit outlives the browser, not the power supply.
    const begin = (database: IDBDatabase) => database.transaction(STORE, mode, { durability: 'relaxed' })
    try {
      return begin(await open())
    } catch {
      // The connection was closed without an event. A new one works, or its error is the one to tell.
      close()
      return begin(await open())
    }
  }

  return {
    use: async (mode, callback) => callback((await transact(mode)).objectStore(STORE)),
    close,
    destroy: async () => {
      close()
      await promisifyRequest(indexedDB.deleteDatabase(name))
    },
  }
}
