/** What the hub says about itself. */
import type { RelayStatus } from 'tabmux'
import { byId, count, h, setText, timeWithSeconds } from '../dom.js'

const HOSTS: Readonly<Record<RelayStatus['host'], string>> = { 'shared-worker': 'One SharedWorker' }

const journalSize = ({ first, last }: RelayStatus['journal']): number => (last === 0 ? 0 : last - first + 1)

const lastResync = ({ resyncing, lastResync: report }: RelayStatus): string => {
  if (resyncing) return 'Under way'
  if (!report) return 'None'
  const { at, replayed, gapDetected } = report
  return `${timeWithSeconds(at)}, ${count(replayed)} replayed${gapDetected ? ', gap' : ''}`
}

const FACTS: readonly (readonly [label: string, title: string, value: (status: RelayStatus) => string])[] = [
  ['Socket held by', 'Who holds the only WebSocket', ({ host }) => HOSTS[host]],
  ['Hub run', 'Changes when the worker was replaced', ({ instance }) => instance?.slice(0, 8) ?? '–'],
  [
    'Cursor',
    'agent_seq: everything up to here is in the journal',
    ({ agentSeq }) => (agentSeq === null ? '–' : count(agentSeq)),
  ],
  [
    'Journal',
    'Offsets of the oldest and the newest entry kept',
    ({ journal }) =>
      journalSize(journal) === 0
        ? 'Empty'
        : `${count(journal.first)} … ${count(journal.last)} (${count(journalSize(journal))})`,
  ],
  [
    'Kept',
    'Where the journal is kept',
    ({ persistence: { mode, reason } }) =>
      mode === 'disk' ? 'On disk' : `In memory${reason ? `: ${reason}` : ''}`,
  ],
  ['Last resync', 'When the relay last sent what was missed', lastResync],
  ['Invalid frames', 'Frames from the relay that were dropped', ({ dropped }) => count(dropped)],
]

export const createFacts = () => {
  const list = byId('facts', HTMLElement)
  const values = FACTS.map(([label, title, value]) => {
    const element = h('dd', {}, '–')
    list.append(h('div', { title }, h('dt', {}, label), element))
    return { element, value }
  })
  return (status: RelayStatus): void => {
    for (const { element, value } of values) setText(element, value(status))
  }
}
