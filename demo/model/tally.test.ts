import { describe, expect, it } from 'vitest'
import { Tally, type TallyStorage } from './tally.js'

const memory = (): TallyStorage => {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}
const at = (offset: number) => ({ offset, replayed: false })
const resynced = (source: 'relay' | 'journal', cause?: 'journal_lost' | 'journal_exceeded') =>
  ({
    type: 'resynced',
    replayed: 0,
    gapDetected: cause !== undefined,
    source,
    ...(cause ? { cause } : {}),
  }) as const
const tallyOf = (...offsets: number[]) => {
  const tally = new Tally(memory(), 'tally')
  for (const offset of offsets) tally.event(at(offset))
  return tally
}

describe('Tally', () => {
  it('finds nothing wrong with offsets that follow one another, wherever they start', () => {
    expect(tallyOf(7, 8, 9).counts).toMatchObject({
      handled: 3,
      duplicates: 0,
      outOfOrder: 0,
      missing: 0,
      lastOffset: 9,
    })
  })

  it('counts an offset that comes again', () => {
    expect(tallyOf(1, 2, 2, 1).counts).toMatchObject({ duplicates: 2, outOfOrder: 0 })
  })

  it('counts an event that comes again under another offset', () => {
    const tally = new Tally(memory(), 'tally')
    tally.event(at(1), 'message.created:a')
    tally.event(at(2), 'thread.reply:a')
    tally.event(at(3), 'message.created:a')
    expect(tally.counts).toMatchObject({ handled: 3, duplicates: 1 })
  })

  it('counts an offset that comes late, and the hole it left', () => {
    expect(tallyOf(1, 3, 2).counts).toMatchObject({ duplicates: 0, outOfOrder: 1, missing: 1 })
  })

  it('takes the place of a resynced of the relay into account', () => {
    const tally = tallyOf(1)
    tally.resynced(resynced('relay'), at(2))
    tally.event(at(3))
    expect(tally.counts).toMatchObject({ handled: 2, resyncs: 1, missing: 0, lastOffset: 3 })
  })

  it('allows the hole that a resynced of the journal has announced', () => {
    const tally = tallyOf(1)
    tally.resynced(resynced('journal', 'journal_exceeded'), at(1))
    tally.event(at(900))
    expect(tally.counts).toMatchObject({ missing: 0, lastOffset: 900 })
  })

  it('starts anew when the journal was lost', () => {
    const tally = tallyOf(100)
    tally.resynced(resynced('journal', 'journal_lost'), at(100))
    tally.event(at(1))
    expect(tally.counts).toMatchObject({ duplicates: 0, outOfOrder: 0, missing: 0, lastOffset: 1 })
  })

  it('goes on after a reload, and knows what it had', () => {
    const storage = memory()
    const before = new Tally(storage, 'tally')
    before.event(at(5))
    before.save()
    const after = new Tally(storage, 'tally')
    after.event(at(5))
    after.event(at(6))
    expect(after.counts).toMatchObject({ handled: 3, duplicates: 1, lastOffset: 6 })
  })
})
