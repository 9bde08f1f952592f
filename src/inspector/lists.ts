/** The parts of the inspector that show many things: lines by time, facts by label, tabs in a table. */
import type { TabReport } from '../bridge.js'
import { h } from './dom.js'
import { count, time } from './format.js'
import { tabWords, type Fact, type Line } from './words.js'

/** A part and what shows something new in it. */
export interface Part<Shown extends readonly unknown[]> {
  readonly element: HTMLElement
  readonly show: (...shown: Shown) => void
}

/** Draws only what differs from what is there, so that nothing moves under somebody's eyes or screen reader. */
const whenChanged = <Shown extends readonly unknown[]>(
  element: HTMLElement,
  draw: (...shown: Shown) => readonly Node[],
): Part<Shown> => {
  let drawn = ''
  return {
    element,
    show: (...shown) => {
      const nodes = draw(...shown)
      const key = nodes.map(({ textContent }) => textContent).join('\n')
      if (key === drawn && element.hasChildNodes()) return
      drawn = key
      element.replaceChildren(...nodes)
    },
  }
}

/** Lines, the newest first; it can be scrolled with the keyboard. */
export const createLines = (label: string, none: string): Part<[lines: readonly Line[], now: number]> =>
  whenChanged(h('ol', { class: 'lines', tabindex: 0, 'aria-label': label }), (lines, now) => {
    if (lines.length === 0) return [h('li', { class: 'none' }, none)]
    return lines.toReversed().map(({ at, text, mark }) => {
      const when = h('time', { datetime: new Date(at).toISOString() }, time(at, now))
      return h('li', { 'data-mark': mark }, when, h('span', {}, text))
    })
  })

/** Labels and values. */
export const createFacts = (): Part<[facts: readonly Fact[]]> =>
  whenChanged(h('dl', {}), (facts) =>
    facts.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
  )

const HEADINGS = ['Tab', 'Position', 'Behind', 'State']

/** The tabs with their positions. */
export const createTabs = (): Part<[tabs: readonly TabReport[], now: number]> => {
  const body = h('tbody')
  const headings = h('tr', {}, ...HEADINGS.map((heading) => h('th', { scope: 'col' }, heading)))
  const table = h('table', { 'aria-label': 'Tabs' }, h('thead', {}, headings), body)
  const { show } = whenChanged<[readonly TabReport[], number]>(body, (tabs, now) =>
    tabs.map((tab) => {
      const { text, mark } = tabWords(tab, now)
      const since = h('small', {}, `since ${time(tab.since, now)}`)
      const name = h('th', { scope: 'row' }, `${tab.tab}${tab.isThis ? ', this one' : ''}`, since)
      const numbers = [tab.offset, tab.lag].map((value) => h('td', {}, value === null ? '–' : count(value)))
      return h('tr', { 'data-mark': mark }, name, ...numbers, h('td', {}, text))
    }),
  )
  return { element: table, show }
}
