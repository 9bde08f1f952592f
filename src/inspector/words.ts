/** What a report says, in words. Pure. */
import type {
  ErrorCode,
  HubStatus,
  RelayReport,
  ResyncRecord,
  SocketChange,
  StorageOptions,
  TabReport,
} from '../bridge.js'
import { bytes, count, counted, duration, time } from './format.js'

/** How a line is marked. The words say the same: a mark is a colour and a form, which not everybody sees. */
export type Mark = 'good' | 'wait' | 'bad'

/** One line of a list. */
export interface Line {
  readonly at: number
  readonly text: string
  readonly mark: Mark
}

/** A label and what stands beside it. */
export type Fact = readonly [label: string, value: string]

/** What the state of the connection is called. */
export const stateWords = ({
  state,
  attempt,
  resyncing,
}: Pick<HubStatus, 'state' | 'attempt' | 'resyncing'>): string => {
  switch (state) {
    case 'starting':
      return 'Starting'
    case 'connecting':
      return 'Connecting'
    case 'connected':
      return resyncing ? 'Catching up' : 'Connected'
    case 'reconnecting':
      return `Reconnecting, attempt ${attempt}`
    case 'disconnected':
      return 'Given up'
    case 'closed':
      return 'Closed'
  }
}

/** What the close codes say that one meets. RFC 6455, 7.4.1. */
const codes: Readonly<Record<number, string>> = {
  1000: 'normal',
  1001: 'going away',
  1006: 'no close frame',
  1008: 'refused',
  1009: 'too large',
  1011: 'error of the relay',
  1012: 'restart',
  1013: 'try later',
}

const failures: Partial<Record<ErrorCode, string>> = {
  connect_failed: 'Could not connect',
  token_failed: 'Got no token',
  unauthorized: 'Token refused',
}

const endWords = ({ code, reason }: SocketChange): string => {
  const meaning = code === undefined ? undefined : codes[code]
  const byCode = code === undefined ? '' : `, code ${code}${meaning ? ` (${meaning})` : ''}`
  return `${byCode}${reason ? `: ${reason}` : ''}`
}

/** A change of the socket. */
export const socketLine = (change: SocketChange): Line => {
  const { at, type, attempt = 0, code, error } = change
  switch (type) {
    case 'open':
      return { at, text: 'Opened', mark: 'good' }
    case 'close':
      return { at, text: `${code === undefined ? 'Closed here' : 'Closed'}${endWords(change)}`, mark: 'bad' }
    case 'reconnecting':
      return { at, text: `Waits for attempt ${attempt}`, mark: 'wait' }
    case 'permanently_disconnected':
      return { at, text: `Gave up after ${counted(attempt, 'attempt')}`, mark: 'bad' }
    default:
      return { at, text: `${(error && failures[error]) ?? error ?? type}${endWords(change)}`, mark: 'bad' }
  }
}

/** A resync, and whether something may be missing. */
export const resyncLine = ({ at, replayed, gapDetected, source, cause, tab }: ResyncRecord): Line => {
  const came = `${count(replayed)} replayed`
  if (!gapDetected) return { at, text: `Nothing missing, ${came}`, mark: 'good' }
  const why = (cause ?? 'unknown').replaceAll('_', ' ')
  const whose = source === 'journal' ? `journal, tab ${tab}` : `relay, ${came}`
  return { at, text: `May lack events: ${why} (${whose})`, mark: 'wait' }
}

/** A tab that has not answered for so long is told of: in milliseconds. */
const SILENCE_MS = 2_000

/** How a tab is doing. */
export const tabWords = ({ lag, waitingSince }: TabReport, now: number): { text: string; mark: Mark } => {
  const waits = waitingSince === null ? 0 : now - waitingSince
  if (waits > SILENCE_MS) return { text: `No answer for ${duration(waits)}`, mark: 'bad' }
  if (lag === null) return { text: 'Starts to read', mark: 'wait' }
  return lag === 0 ? { text: 'Up to date', mark: 'good' } : { text: 'Reads', mark: 'wait' }
}

const KEPT: Readonly<Record<StorageOptions['persist'], string>> = {
  events: 'On disk, with frames',
  cursor: 'On disk, without frames',
  none: 'In memory',
}

const keptWords = ({ storage: { persist }, status: { persistence } }: RelayReport): string => {
  if (persistence.mode === 'disk') return KEPT[persist]
  return `In memory${persistence.reason ? `: ${persistence.reason}` : ''}`
}

const rangeWords = ({ status: { journal } }: RelayReport): string => {
  const { first, last } = journal
  if (last < first) return 'Empty'
  return `${count(first)} to ${count(last)}`
}

const cursorFacts = ({ cursor, at: now }: RelayReport): readonly Fact[] => {
  if (!cursor) return [['agent_seq', 'None yet']]
  const { seq, epoch, era, at, exact } = cursor
  return [
    ['agent_seq', count(seq)],
    ['Epoch', epoch ?? 'The relay tells none'],
    ['Counter restarts seen', count(era)],
    ['Time of its event', `${time(at, now)}, ${exact ? "the relay's" : 'estimated'}`],
  ]
}

/** The resume cursor and who holds it. */
export const connectionFacts = (report: RelayReport): readonly Fact[] => [
  ...cursorFacts(report),
  ['Channels asked for', count(report.status.channels.length)],
  ['Run of the hub', report.status.instance.slice(0, 8)],
  ["Worker's tabmux", report.version],
]

/** The journal: what there is, and what is kept. */
export const journalFacts = (report: RelayReport): readonly Fact[] => {
  const { storage, journalBytes, oldestAt, at, status } = report
  const { first, last } = status.journal
  return [
    ['Offsets', rangeWords(report)],
    ['Entries', `${count(Math.max(0, last - first + 1))} of ${count(storage.maxEntries)}`],
    ['Text', `${bytes(journalBytes)} of ${bytes(storage.maxBytes)}`],
    ['Oldest came', oldestAt === null ? '–' : `${duration(at - oldestAt)} ago`],
    ['Age limit', duration(storage.maxAgeMs)],
    ['Kept', keptWords(report)],
  ]
}
