import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { initialStatus, type RelayStatus, type Trace } from '../index.js'
import { spans, type TraceSpan } from './index.js'

const START = 1_700_000_000_000

beforeEach(() => void vi.useFakeTimers({ now: START, toFake: ['Date', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const setUp = () => {
  const taken: TraceSpan[] = []
  // It has all hooks.
  const trace = spans((span) => void taken.push(span)) as Required<Trace>
  const status = (changes: Partial<RelayStatus>) => trace.status({ ...initialStatus, ...changes })
  return { taken, trace, status }
}

test('a handler is a span, with what it threw', () => {
  const { taken, trace } = setUp()
  const start = performance.now()
  vi.advanceTimersByTime(7)
  trace.handler('message.created', start, undefined, 3)
  trace.handler('status', start, 'no', undefined)
  expect(taken).toEqual([
    { name: 'handler', startTime: START, durationMs: 7, attributes: { type: 'message.created', offset: 3 } },
    { name: 'handler', startTime: START, durationMs: 7, attributes: { type: 'status' }, error: 'no' },
  ])
})

test('the entries of one task are a batch', async () => {
  const { taken, trace } = setUp()
  trace.entry(4)
  trace.entry(5)
  vi.advanceTimersByTime(2)
  await Promise.resolve()
  trace.entry(6)
  await Promise.resolve()
  expect(taken).toEqual([
    { name: 'batch', startTime: START, durationMs: 2, attributes: { entries: 2, offset: 5 } },
    { name: 'batch', startTime: START + 2, durationMs: 0, attributes: { entries: 1, offset: 6 } },
  ])
})

describe('a resync', () => {
  test('is a span from when the tab saw it begin', () => {
    const { taken, trace, status } = setUp()
    status({ resyncing: true })
    vi.advanceTimersByTime(30)
    status({ resyncing: true })
    vi.advanceTimersByTime(10)
    const attributes = { replayed: 2, gapDetected: true, source: 'relay', cause: 'hole' } as const
    trace.resynced({ type: 'resynced', ...attributes })
    trace.resynced({ type: 'resynced', replayed: 0, gapDetected: false, source: 'relay' })
    expect(taken).toEqual([
      { name: 'resync', startTime: START, durationMs: 40, attributes },
      {
        name: 'resync',
        startTime: START + 40,
        durationMs: 0,
        attributes: { replayed: 0, gapDetected: false, source: 'relay' },
      },
    ])
  })

  test('with the relay goes on while the journal tells of a gap', () => {
    const { taken, trace, status } = setUp()
    status({ resyncing: true })
    vi.advanceTimersByTime(30)
    trace.resynced({
      type: 'resynced',
      replayed: 0,
      gapDetected: true,
      source: 'journal',
      cause: 'journal_lost',
    })
    trace.resynced({ type: 'resynced', replayed: 1, gapDetected: false, source: 'relay' })
    expect(taken.map(({ durationMs }) => durationMs)).toEqual([0, 30])
  })
})

describe('a reconnect', () => {
  test('is a span from the loss to the open socket, with its attempts', () => {
    const { taken, status } = setUp()
    status({ state: 'connected' })
    vi.advanceTimersByTime(100)
    status({ state: 'reconnecting', attempt: 1 })
    vi.advanceTimersByTime(50)
    status({ state: 'connecting', attempt: 2 })
    status({ state: 'connected', attempt: 0 })
    status({ state: 'connected', attempt: 0 })
    expect(taken).toEqual([
      { name: 'reconnect', startTime: START + 100, durationMs: 50, attributes: { attempts: 2 } },
    ])
  })

  test('is none, if the socket was not open before', () => {
    const { taken, status } = setUp()
    status({ state: 'connecting' })
    status({ state: 'connected' })
    expect(taken).toEqual([])
  })
})
