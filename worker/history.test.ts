import { describe, expect, test } from 'vitest'
import { History } from './history.js'

const AT = Date.UTC(2026, 0, 1)

const resynced = { type: 'resynced', source: 'relay', replayed: 3, gap_detected: false } as const

/** The counts of the newest seconds, the newest last. */
const newest = (history: History, now: number, count: number): readonly number[] =>
  history.report(now).rates.slice(-count)

describe('what happened to the socket', () => {
  test('is kept in order, with the code and the reason of its end', () => {
    const history = new History()
    history.noticed({ type: 'open' }, AT)
    history.ended({ code: 1012, reason: 'restart' })
    history.noticed({ type: 'close' }, AT + 1)
    history.noticed({ type: 'reconnecting', attempt: 1 }, AT + 2)
    expect(history.report(AT).sockets).toEqual([
      { at: AT, type: 'open' },
      { at: AT + 1, type: 'close', code: 1012, reason: 'restart' },
      { at: AT + 2, type: 'reconnecting', attempt: 1 },
    ])
  })

  test('has of an error its code, and not its text, which may quote the app', () => {
    const history = new History()
    const error = { code: 'token_failed', message: 'no at_live_secret' } as const
    history.noticed({ type: 'error', error }, AT)
    expect(history.report(AT).sockets).toEqual([{ at: AT, type: 'error', error: 'token_failed' }])
  })

  test('is the newest 50 changes', () => {
    const history = new History()
    for (let attempt = 1; attempt <= 60; attempt++) history.noticed({ type: 'reconnecting', attempt }, AT)
    const { sockets } = history.report(AT)
    expect(sockets).toHaveLength(50)
    expect(sockets.at(0)?.attempt).toBe(11)
    expect(sockets.at(-1)?.attempt).toBe(60)
  })
})

describe('resyncs', () => {
  test('are those of the relay, and the gaps of the journal with the tab they were told to', () => {
    const history = new History()
    history.resynced(resynced, AT)
    history.resynced({ ...resynced, gap_detected: true, cause: 'hole' }, AT + 1)
    history.gap('journal_lost', 7, AT + 2)
    expect(history.report(AT).resyncs).toEqual([
      { at: AT, source: 'relay', replayed: 3, gapDetected: false, cause: null, tab: null },
      { at: AT + 1, source: 'relay', replayed: 3, gapDetected: true, cause: 'hole', tab: null },
      { at: AT + 2, source: 'journal', replayed: 0, gapDetected: true, cause: 'journal_lost', tab: 7 },
    ])
  })

  test('are the newest 20', () => {
    const history = new History()
    for (let replayed = 1; replayed <= 25; replayed++) history.resynced({ ...resynced, replayed }, AT)
    const { resyncs } = history.report(AT)
    expect(resyncs.map(({ replayed }) => replayed)).toEqual(Array.from({ length: 20 }, (_, n) => n + 6))
  })
})

test('dropped frames are the newest 50, with why', () => {
  const history = new History()
  for (let seq = 1; seq <= 55; seq++) history.dropped(`no JSON ${seq}`, seq, AT + seq)
  const { dropped } = history.report(AT)
  expect(dropped).toHaveLength(50)
  expect(dropped.at(0)).toEqual({ at: AT + 6, reason: 'no JSON 6', seq: 6 })
})

describe('the rate', () => {
  test('has 60 seconds, the one under way last', () => {
    const history = new History()
    history.reached(0, AT)
    history.reached(3, AT)
    history.reached(5, AT + 999)
    history.reached(6, AT + 1_000)
    history.reached(10, AT + 4_000)
    expect(history.report(AT + 4_000).rates).toHaveLength(60)
    expect(newest(history, AT + 4_000, 6)).toEqual([0, 5, 1, 0, 0, 4])
  })

  test('goes on where nothing comes', () => {
    const history = new History()
    history.reached(0, AT)
    history.reached(7, AT)
    expect(newest(history, AT + 2_500, 3)).toEqual([7, 0, 0])
    expect(history.report(AT + 59_000).rates.at(0)).toBe(7)
    expect(history.report(AT + 60_000).rates).toEqual(Array.from({ length: 60 }, () => 0))
  })

  test('does not count what an earlier run has stored', () => {
    const history = new History()
    history.reached(2_048, AT)
    history.reached(2_050, AT)
    expect(newest(history, AT, 2)).toEqual([0, 2])
  })

  test('starts again if the clock was set back', () => {
    const history = new History()
    history.reached(0, AT)
    history.reached(9, AT)
    history.reached(10, AT - 3_600_000)
    expect(newest(history, AT - 3_600_000, 2)).toEqual([0, 1])
    expect(newest(history, AT - 3_599_000, 2)).toEqual([1, 0])
    expect(history.report(AT - 3_605_000).rates).toEqual(Array.from({ length: 60 }, () => 0))
  })

  test('of a sleep of an hour is that of its end', () => {
    const history = new History()
    history.reached(0, AT)
    history.reached(9, AT)
    history.reached(11, AT + 3_600_000)
    expect(history.report(AT + 3_600_000).rates.reduce((sum, count) => sum + count)).toBe(2)
  })
})
