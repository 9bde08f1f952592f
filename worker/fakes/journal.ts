import type { StorageOptions } from '../../src/bridge.js'
import { Journal } from '../journal.js'
import type { NewEntry } from '../entry.js'
import { HandClock } from '../hand-clock.js'

/** What is stored if nobody says otherwise. */
export const storageDefaults: StorageOptions = {
  persist: 'events',
  maxEntries: 2_048,
  maxAgeMs: 604_800_000,
  maxBytes: 67_108_864,
}

/** An entry called `name`, which is its text. */
export const entry = (name: string): NewEntry => ({
  text: name,
  replayed: false,
  notice: false,
  keys: [],
  forgets: [],
  at: 0,
})

/** A journal whose disk does not work: all of it is in memory, and entries can be read as soon as they are appended. */
export const memoryJournal = async (instance: string): Promise<Journal> => {
  const journal = new Journal({
    store: {
      use: () => Promise.reject(new Error('no disk')),
      close: () => undefined,
      destroy: async () => undefined,
    },
    clock: new HandClock(),
    commitPauseMs: 0,
    instance,
    changed: () => undefined,
    needed: () => 0,
    options: storageDefaults,
    superseded: () => undefined,
  })
  await journal.load()
  return journal
}
