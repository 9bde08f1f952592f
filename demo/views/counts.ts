/** The counters of this tab. */
import { byId, count, h, setText } from '../dom.js'
import type { Counts } from '../model/tally.js'

const COUNTS: readonly (readonly [key: keyof Counts, label: string, mustBeZero: boolean])[] = [
  ['duplicates', 'Duplicates', true],
  ['outOfOrder', 'Out of order', true],
  ['missing', 'Missing', true],
  ['handled', 'Events', false],
  ['lastOffset', 'Last offset', false],
  ['resyncs', 'Resyncs', false],
]

export const createCounts = () => {
  const list = byId('counts', HTMLElement)
  const cells = COUNTS.map(([key, label, mustBeZero]) => {
    const value = h('dd', { id: `count-${key}` }, '0')
    const cell = h('div', { class: mustBeZero ? 'must-be-zero' : '' }, h('dt', {}, label), value)
    list.append(cell)
    return { key, cell, value, mustBeZero }
  })
  return (counts: Counts): void => {
    for (const { key, cell, value, mustBeZero } of cells) {
      setText(value, count(counts[key]))
      if (mustBeZero) cell.classList.toggle('broken', counts[key] > 0)
    }
  }
}
