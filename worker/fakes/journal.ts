import { Journal } from '../journal.js'
import type { NewEntry } from '../entry.js'
import { HandClock } from './clock.js'

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
    instance,
    changed: () => undefined,
    needed: () => 0,
  })
  await journal.load()
  return journal
}
