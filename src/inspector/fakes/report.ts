/** A report with something in every field. */
import type { RelayReport } from '../../bridge.js'

export const NOW = Date.UTC(2026, 0, 2, 12, 0, 0)

export const fullReport: RelayReport = {
  at: NOW,
  version: '0.1.0',
  status: {
    state: 'connected',
    attempt: 0,
    agentSeq: 1_234,
    resyncing: false,
    tabs: 2,
    persistence: { mode: 'memory', reason: 'QuotaExceededError' },
    host: 'shared-worker',
    instance: '0123456789abcdef',
    journal: { first: 1_001, last: 2_000 },
    lastResync: { at: NOW - 5_000, replayed: 3, gapDetected: true },
    channels: ['general', 'random'],
    dropped: 1,
  },
  cursor: { seq: 1_234, epoch: 'epoch-7', era: 1, at: NOW - 1_000, exact: true },
  tabs: [
    { tab: 1, isThis: false, since: NOW - 60_000, offset: 1_500, lag: 500, waitingSince: NOW - 12_000 },
    { tab: 2, isThis: true, since: NOW - 30_000, offset: 2_000, lag: 0, waitingSince: null },
  ],
  storage: { persist: 'events', maxEntries: 2_048, maxAgeMs: 604_800_000, maxBytes: 67_108_864 },
  journalBytes: 153_600,
  oldestAt: NOW - 3_600_000 * 3,
  sockets: [
    { at: NOW - 9_000, type: 'open' },
    { at: NOW - 8_000, type: 'close', code: 1_012, reason: 'restart' },
    { at: NOW - 8_000, type: 'reconnecting', attempt: 1 },
    { at: NOW - 7_000, type: 'error', error: 'connect_failed', code: 1_006 },
  ],
  resyncs: [
    { at: NOW - 5_000, replayed: 3, gapDetected: true, source: 'relay', cause: 'counter_reset', tab: null },
    { at: NOW - 4_000, replayed: 0, gapDetected: true, source: 'journal', cause: 'journal_lost', tab: 2 },
  ],
  dropped: [{ at: NOW - 3_000, reason: 'expected JSON, got 7 characters that are not', seq: null }],
  rates: Array.from({ length: 60 }, (_, second) => (second === 58 ? 12 : 0)),
}
