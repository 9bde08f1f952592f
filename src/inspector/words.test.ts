import { describe, expect, test } from 'vitest'
import type { ResyncRecord, SocketChange, TabReport } from '../bridge.js'
import { fullReport, NOW } from './fakes/report.js'
import { bytes, counted, duration, time } from './format.js'
import { connectionFacts, journalFacts, resyncLine, socketLine, stateWords, tabWords } from './words.js'

const tab: TabReport = { tab: 1, isThis: true, since: NOW, offset: 7, lag: 0, waitingSince: null }
const resync: ResyncRecord = {
  at: NOW,
  replayed: 12,
  gapDetected: false,
  source: 'relay',
  cause: null,
  tab: null,
}

test.each<readonly [Parameters<typeof stateWords>[0]['state'], boolean, string]>([
  ['starting', false, 'Starting'],
  ['connecting', false, 'Connecting'],
  ['connected', false, 'Connected'],
  ['connected', true, 'Catching up'],
  ['reconnecting', false, 'Reconnecting, attempt 3'],
  ['disconnected', false, 'Given up'],
  ['closed', false, 'Closed'],
])('the state %s (resyncing: %s) is %s', (state, resyncing, words) => {
  expect(stateWords({ state, resyncing, attempt: 3 })).toBe(words)
})

test.each<readonly [Omit<SocketChange, 'at'>, string, string]>([
  [{ type: 'open' }, 'Opened', 'good'],
  [{ type: 'close' }, 'Closed here', 'bad'],
  [{ type: 'close', reason: 'no answer to a ping' }, 'Closed here: no answer to a ping', 'bad'],
  [{ type: 'close', code: 1_012, reason: 'bye' }, 'Closed, code 1012 (restart): bye', 'bad'],
  [{ type: 'close', code: 4_321 }, 'Closed, code 4321', 'bad'],
  [{ type: 'reconnecting', attempt: 2 }, 'Waits for attempt 2', 'wait'],
  [{ type: 'permanently_disconnected', attempt: 1 }, 'Gave up after 1 attempt', 'bad'],
  [{ type: 'error', error: 'connect_failed' }, 'Could not connect', 'bad'],
  [{ type: 'error', error: 'unauthorized', code: 1_008 }, 'Token refused, code 1008 (refused)', 'bad'],
  [{ type: 'error', error: 'limit_exceeded' }, 'limit_exceeded', 'bad'],
])('of the socket, %o is "%s"', (change, text, mark) => {
  expect(socketLine({ at: NOW, ...change })).toEqual({ at: NOW, text, mark })
})

test.each<readonly [Partial<ResyncRecord>, string, string]>([
  [{}, 'Nothing missing, 12 replayed', 'good'],
  [
    { gapDetected: true, cause: 'ring_exceeded' },
    'May lack events: ring exceeded (relay, 12 replayed)',
    'wait',
  ],
  [
    { gapDetected: true, cause: 'journal_lost', source: 'journal', tab: 3 },
    'May lack events: journal lost (journal, tab 3)',
    'wait',
  ],
])('a resync %o is "%s"', (change, text, mark) => {
  expect(resyncLine({ ...resync, ...change })).toEqual({ at: NOW, text, mark })
})

test.each<readonly [Partial<TabReport>, string]>([
  [{}, 'Up to date'],
  [{ lag: 5 }, 'Reads'],
  [{ lag: null, offset: null }, 'Starts to read'],
  [{ lag: 5, waitingSince: NOW - 1_999 }, 'Reads'],
  [{ lag: 5, waitingSince: NOW - 12_345 }, 'No answer for 12 s'],
])('a tab with %o is "%s"', (change, words) => {
  expect(tabWords({ ...tab, ...change }, NOW).text).toBe(words)
})

describe('facts', () => {
  test('of the cursor and the journal', () => {
    const facts = Object.fromEntries([...connectionFacts(fullReport), ...journalFacts(fullReport)])
    expect(facts).toMatchObject({
      agent_seq: '1,234',
      Epoch: 'epoch-7',
      'Counter restarts seen': '1',
      'Channels asked for': '2',
      'Run of the hub': '01234567',
      Offsets: '1,001 to 2,000',
      Entries: '1,000 of 2,048',
      Text: '150 KiB of 64 MiB',
      'Oldest came': '3 h ago',
      'Age limit': '7 days',
      Kept: 'In memory: QuotaExceededError',
    })
  })

  test('of a hub that has had nothing yet', () => {
    const status = {
      ...fullReport.status,
      journal: { first: 1, last: 0 },
      persistence: { mode: 'disk' },
    } as const
    const report = { ...fullReport, status, cursor: null, oldestAt: null }
    const facts = Object.fromEntries([...connectionFacts(report), ...journalFacts(report)])
    expect(facts).toMatchObject({
      agent_seq: 'None yet',
      Offsets: 'Empty',
      Entries: '0 of 2,048',
      'Oldest came': '–',
      Kept: 'On disk, with frames',
    })
  })
})

test.each([
  [0, '0 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 days'],
  [-5, '0 s'],
  [Number.POSITIVE_INFINITY, 'for ever'],
])('%d ms are %s', (ms, words) => expect(duration(ms)).toBe(words))

test.each([
  [0, '0 B'],
  [1_023, '1,023 B'],
  [1_536, '1.5 KiB'],
  [67_108_864, '64 MiB'],
  [3 * 1_024 ** 3, '3 GiB'],
])('%d bytes are %s', (value, words) => expect(bytes(value)).toBe(words))

test('one thing is not several', () => {
  expect([counted(1, 'tab'), counted(2, 'tab'), counted(1_000, 'tab')]).toEqual([
    '1 tab',
    '2 tabs',
    '1,000 tabs',
  ])
})

test('a time of another day has the day', () => {
  expect(time(NOW, NOW)).toMatch(/^\d\d:\d\d:\d\d$/)
  expect(time(NOW - 100_000_000, NOW)).toMatch(/^Jan 1, \d\d:\d\d:\d\d$/)
})
