/** All that the inspector shows, put together. */
import type { RelayReport } from '../bridge.js'
import type { RelayStatus } from '../events.js'
import { createChart } from './chart.js'
import { h, setAttribute, setText } from './dom.js'
import { count } from './format.js'
import { createFacts, createLines, createTabs } from './lists.js'
import { connectionFacts, journalFacts, resyncLine, socketLine, stateWords } from './words.js'

/** What the buttons do. */
export interface Actions {
  readonly pause: () => void
  readonly download: () => void
}

/** The view and what shows something new in it. */
export interface View {
  readonly element: HTMLElement
  readonly status: (status: RelayStatus | null) => void
  /** Null: nothing is known yet. */
  readonly report: (report: RelayReport | null) => void
  /** Says why what is shown is not new; null: it is. */
  readonly note: (text: string | null) => void
  readonly paused: (isPaused: boolean) => void
}

const createPart = (title: string, ...contents: readonly HTMLElement[]) => {
  const aside = h('span', { class: 'aside' })
  const element = h('section', {}, h('h3', {}, title, aside), ...contents)
  return { element, aside }
}

const createHead = ({ pause, download }: Actions) => {
  const words = h('span')
  // Only a change of the state is said aloud: all else changes all the time.
  const state = h('p', { class: 'state', role: 'status' }, h('i'), words)
  const note = h('p', { class: 'note' })
  const pauseButton = h('button', { type: 'button' }, 'Pause')
  const downloadButton = h('button', { type: 'button' }, 'Download report')
  pauseButton.addEventListener('click', pause)
  downloadButton.addEventListener('click', download)
  const element = h('header', {}, state, note, h('div', {}, pauseButton, downloadButton))
  return { element, state, words, note, pauseButton }
}

/** Makes it, empty. */
export const createView = (actions: Actions): View => {
  const head = createHead(actions)
  const chart = createChart()
  const tabs = createTabs()
  const connection = createFacts()
  const journal = createFacts()
  const sockets = createLines('Socket', 'Nothing has happened yet.')
  const resyncs = createLines('Resyncs', 'There was none.')
  const dropped = createLines('Dropped frames', 'None was dropped.')
  const tabsPart = createPart('Tabs', tabs.element)
  const droppedPart = createPart('Dropped frames', dropped.element)
  const columns = [
    [createPart('Events', chart.element), tabsPart],
    [createPart('Cursor', connection.element), createPart('Journal', journal.element)],
    [createPart('Socket', sockets.element), createPart('Resyncs', resyncs.element), droppedPart],
  ].map((parts) => h('div', {}, ...parts.map(({ element }) => element)))
  const body = h('div', { class: 'parts' }, ...columns)
  const element = h(
    'div',
    { class: 'inspector', role: 'group', 'aria-label': 'tabmux inspector' },
    head.element,
    body,
  )

  return {
    element,
    status: (status) => {
      setAttribute(head.state, 'data-state', status?.resyncing ? 'resyncing' : (status?.state ?? 'none'))
      setText(head.words, status ? stateWords(status) : 'No relay')
    },
    report: (report) => {
      body.hidden = report === null
      if (!report) return
      chart.show(report.rates)
      tabs.show(report.tabs, report.at)
      connection.show(connectionFacts(report))
      journal.show(journalFacts(report))
      sockets.show(report.sockets.map(socketLine), report.at)
      resyncs.show(report.resyncs.map(resyncLine), report.at)
      const lines = report.dropped.map(({ at, reason, seq }) => {
        const text = seq === null ? reason : `agent_seq ${count(seq)}: ${reason}`
        return { at, text, mark: 'bad' } as const
      })
      dropped.show(lines, report.at)
      setText(tabsPart.aside, count(report.tabs.length))
      setText(droppedPart.aside, count(report.status.dropped))
    },
    note: (text) => {
      setText(head.note, text ?? '')
      body.classList.toggle('stale', text !== null)
    },
    paused: (isPaused) => setText(head.pauseButton, isPaused ? 'Go on' : 'Pause'),
  }
}
