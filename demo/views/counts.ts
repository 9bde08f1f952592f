/** The counters of this tab, and how fast events come. */
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

const SECONDS = 60
const SVG = 'http://www.w3.org/2000/svg'

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

/** Bars for the last minute, one a second; the highest fills the height. */
export const createPace = () => {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', `0 0 ${SECONDS * 4} 28`)
  svg.setAttribute('preserveAspectRatio', 'none')
  svg.setAttribute('aria-hidden', 'true')
  const bars = Array.from({ length: SECONDS }, (_, n) => {
    const bar = document.createElementNS(SVG, 'rect')
    bar.setAttribute('x', String(n * 4))
    bar.setAttribute('width', '3')
    svg.append(bar)
    return bar
  })
  const label = h('p', {}, '0 events in the last second')
  byId('pace', HTMLElement).append(svg, label)
  const seconds = Array.from({ length: SECONDS }, () => 0)
  let events = 0

  setInterval(() => {
    seconds.shift()
    seconds.push(events)
    setText(label, `${count(events)} ${events === 1 ? 'event' : 'events'} in the last second`)
    events = 0
    const most = Math.max(4, ...seconds)
    for (const [n, bar] of bars.entries()) {
      const height = Math.max(1, ((seconds[n] ?? 0) / most) * 28)
      bar.setAttribute('y', String(28 - height))
      bar.setAttribute('height', String(height))
    }
  }, 1_000)

  return (): void => {
    events += 1
  }
}
