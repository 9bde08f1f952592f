/**
 * The report that a person sends to somebody else: field by field what may be in it, so that what is added to the hub's
 * own report one day is not in it until somebody has thought about it. No token, no name of a channel or an agent, no
 * address, and of events nothing but the type of a refused frame. Pure.
 */
import type { HubStatus, RelayReport } from '../bridge.js'

/** The hub's part: as {@link RelayReport}, with a number in place of the names of channels. */
export interface InspectedHub extends Omit<RelayReport, 'status'> {
  /** The hub's own view. `channels` is how many there are. */
  readonly status: Omit<HubStatus, 'channels'> & { readonly channels: number }
}

/** What `inspector.report()` gives. Times are in milliseconds since 1970. As JSON, a number without an end is null. */
export interface InspectorReport {
  /** When it was made. */
  readonly at: number
  /** What the page itself knows. */
  readonly page: {
    /** The version of the package that the page was built with. */
    readonly version: string
    readonly browser: string
    /** Why there is no newer answer of the hub: an error's code. Null: this is one. */
    readonly problem: string | null
  }
  /** The newest answer of the hub; null: there was none. */
  readonly hub: InspectedHub | null
}

/** What comes from the relay or the browser as a text is cut here. In UTF-16 units. */
const MAX_TEXT_LENGTH = 300

/** These fields and no others. Texts are cut; what has fields of its own has to be picked from itself. */
const pick = <T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Pick<T, K> => {
  const picked = keys
    .filter((key) => key in from)
    .map((key) => {
      const value = from[key]
      return [key, typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : value]
    })
  return Object.fromEntries(picked) as Pick<T, K> // fromEntries forgets which keys it was given
}

const statusOf = (status: HubStatus): InspectedHub['status'] => ({
  ...pick(status, 'state', 'attempt', 'agentSeq', 'resyncing', 'tabs', 'host', 'instance', 'dropped'),
  persistence: pick(status.persistence, 'mode', 'reason'),
  journal: pick(status.journal, 'first', 'last'),
  lastResync: status.lastResync && pick(status.lastResync, 'at', 'replayed', 'gapDetected'),
  channels: status.channels.length,
})

const hubOf = (report: RelayReport): InspectedHub => ({
  ...pick(report, 'at', 'version', 'journalBytes', 'oldestAt'),
  status: statusOf(report.status),
  cursor: report.cursor && pick(report.cursor, 'seq', 'epoch', 'era', 'at', 'exact'),
  tabs: report.tabs.map((tab) => pick(tab, 'tab', 'isThis', 'since', 'offset', 'lag', 'waitingSince')),
  storage: pick(report.storage, 'persist', 'maxEntries', 'maxAgeMs', 'maxBytes'),
  sockets: report.sockets.map((change) => pick(change, 'at', 'type', 'attempt', 'code', 'reason', 'error')),
  resyncs: report.resyncs.map((resync) =>
    pick(resync, 'at', 'replayed', 'gapDetected', 'source', 'cause', 'tab'),
  ),
  dropped: report.dropped.map((frame) => pick(frame, 'at', 'reason', 'seq')),
  rates: [...report.rates],
})

/** What of the hub's report, and of the page, may be passed on. */
export const reportOf = (
  hub: RelayReport | null,
  at: number,
  page: InspectorReport['page'],
): InspectorReport => ({
  at,
  page: pick(page, 'version', 'browser', 'problem'),
  hub: hub && hubOf(hub),
})

/** The name of the file that it is kept in: tabmux-report-2026-01-02T03-04-05.json */
export const fileName = ({ at }: InspectorReport): string =>
  `tabmux-report-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}.json`
