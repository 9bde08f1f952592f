/** Bars for the last minute, one a second; the highest fills the height. */
import { h, s, setAttribute, setText } from './dom.js'
import { count } from './format.js'

const WIDTH = 4
const HEIGHT = 48
/** The scale is not finer than this: one event is not a peak. In events a second. */
const LEAST_SCALE = 4

/** The chart, and what shows counts by the second in it, the second under way last. */
export const createChart = (): { element: HTMLElement; show: (rates: readonly number[]) => void } => {
  const svg = s('svg', { role: 'img', preserveAspectRatio: 'none' })
  const now = h('strong', {}, '0')
  const most = h('span', {}, '')
  const element = h('div', { class: 'chart' }, h('p', {}, now, ' a second', most), svg)

  const show = (rates: readonly number[]): void => {
    setAttribute(svg, 'viewBox', `0 0 ${rates.length * WIDTH} ${HEIGHT}`)
    while (svg.childElementCount < rates.length) {
      svg.append(s('rect', { x: svg.childElementCount * WIDTH, width: WIDTH - 1 }))
    }
    while (svg.childElementCount > rates.length) svg.lastElementChild?.remove()
    const peak = Math.max(0, ...rates)
    const scale = HEIGHT / Math.max(LEAST_SCALE, peak)
    for (const [index, bar] of [...svg.children].entries()) {
      const height = Math.max(1, (rates[index] ?? 0) * scale)
      setAttribute(bar, 'y', HEIGHT - height)
      setAttribute(bar, 'height', height)
    }
    // The last second that is over: that under way has not had all its events.
    const current = rates.at(-2) ?? 0
    setText(now, count(current))
    setText(most, `at most ${count(peak)} in the last minute`)
    const label = `Events a second over the last minute: ${count(current)} now, ${count(peak)} at most`
    setAttribute(svg, 'aria-label', label)
  }
  return { element, show }
}
