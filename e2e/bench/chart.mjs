/** The chart of the README: an SVG, light or dark as the reader's page is. */
import { CONTESTANTS, NAMES } from './options.mjs'
import { figure } from './table.mjs'

/** The tabs that the bars are about. */
const TABS = 8

const WIDTH = 700
const LEFT = 8
const LABELS = 244
const BARS = 340
const ROW = 24

const style = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .quiet { fill: #59636e; }
  .figure { font-variant-numeric: tabular-nums; }
  .strong { font-weight: 600; }
  .bar { fill: #a3adb8; }
  .ours { fill: #0969da; }
  .limit { fill: none; stroke: #a3adb8; stroke-dasharray: 3 3; }
  .tail { stroke: #a3adb8; stroke-width: 2; }
  .tail.ours { stroke: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .bar { fill: #656c76; }
    .ours { fill: #4493f8; }
    .limit, .tail { stroke: #656c76; }
    .limit { fill: none; }
    .tail.ours { stroke: #4493f8; }
  }`

/** @typedef {import('./results.mjs').Results} Results */

/** @param {number} x @param {number} y @param {string} text @param {string} [kind] */
const label = (x, y, text, kind = '') => `<text x="${x}" y="${y}" class="${kind}">${text}</text>`

/** The name of a contestant before its row. @param {string} contestant @param {number} y */
const named = (contestant, y) =>
  label(LEFT, y + 16, NAMES[contestant] ?? contestant, contestant === 'tabmux' ? 'strong' : '')

/** @param {string} contestant */
const kindOf = (contestant) => (contestant === 'tabmux' ? 'ours' : contestant === 'limit' ? 'limit' : 'bar')

/** Deliveries a second, as bars. @param {Results} results @param {number} top */
const throughputBars = (results, top) => {
  const rows = CONTESTANTS.map((contestant) => ({
    contestant,
    value: results.median('throughput', contestant, TABS),
  }))
  const scale = BARS / Math.max(...rows.map(({ value }) => value))
  return rows.flatMap(({ contestant, value }, index) => {
    const y = top + index * ROW
    const width = Math.max(value * scale, 2).toFixed(1)
    return [
      named(contestant, y),
      `<rect x="${LABELS}" y="${y + 3}" width="${width}" height="16" rx="2" class="${kindOf(contestant)}"/>`,
      label(LABELS + Number(width) + 8, y + 16, figure(value), 'figure'),
    ]
  })
}

/** From the median to the 99th percentile, as a point with a tail. @param {Results} results @param {number} top */
const latencyTails = (results, top) => {
  const rows = CONTESTANTS.filter((contestant) => contestant !== 'limit').map((contestant) => ({
    contestant,
    p50: results.median('p50', contestant, TABS),
    p99: results.median('p99', contestant, TABS),
  }))
  const scale = BARS / Math.max(...rows.map(({ p99 }) => p99))
  return rows.flatMap(({ contestant, p50, p99 }, index) => {
    const y = top + index * ROW
    const [middle, end] = [LABELS + p50 * scale, LABELS + p99 * scale].map((x) => x.toFixed(1))
    const kind = kindOf(contestant)
    return [
      named(contestant, y),
      `<line x1="${middle}" x2="${end}" y1="${y + 11}" y2="${y + 11}" class="tail ${kind}"/>`,
      `<circle cx="${middle}" cy="${y + 11}" r="5" class="${kind}"/>`,
      label(Number(end) + 8, y + 16, `${figure(p50)} · ${figure(p99)}`, 'figure'),
    ]
  })
}

/** @param {Results} results */
export const chart = (results) => {
  const first = 56
  const second = first + CONTESTANTS.length * ROW + 66
  const height = second + (CONTESTANTS.length - 1) * ROW + 12
  const parts = [
    label(LEFT, 18, `Deliveries a second, ${TABS} tabs`, 'title'),
    label(LEFT, 38, 'A burst of 20,000 events of 300 bytes through one relay. More is better.', 'quiet'),
    ...throughputBars(results, first),
    label(LEFT, second - 38, `From the relay to the handler, ${TABS} tabs`, 'title'),
    label(
      LEFT,
      second - 18,
      '100 events a second: median · 99th percentile, in milliseconds. Less is better.',
      'quiet',
    ),
    ...latencyTails(results, second),
  ]
  const title = `tabmux and its alternatives at ${TABS} tabs: deliveries a second, and time from relay to handler`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${title}</title>
<style>${style}
</style>
${parts.join('\n')}
</svg>
`
}
