/** The tables that are printed. */
import { NAMES } from './options.mjs'

/** The measures and what their numbers are. @type {readonly (readonly [measure: string, title: string])[]} */
const titles = [
  ['throughput', 'deliveries a second'],
  ['p50', 'relay → handler at 100 events/s, p50, ms'],
  ['p99', 'relay → handler at 100 events/s, p99, ms'],
  ['mainThread', 'busiest tab, CPU ms of the main thread for 1,000 events'],
  ['browserCpu', 'CPU µs of all the browser for each delivery'],
  ['sockets', 'sockets at the relay'],
  ['sent', 'bytes sent by the relay for each event'],
  ['relayCpu', "share of a core that the relay's process used"],
  ['memory', 'heap of worker and tabs, MB'],
  ['reload', 'reload: script start → caught up, ms'],
  ['resync', 'resync of 2,000 missed events: question → last handler, ms'],
  ['transactions', 'IndexedDB transactions a second under burst'],
  ['inFlight', 'IndexedDB transactions at once'],
  ['written', 'bytes written to IndexedDB, × the frames'],
  ['group', 'events a second that a consumer group handles'],
  ['eventEarly', 'µs an event after 1,000'],
  ['eventLate', 'µs an event after 1,000,000'],
  ['heapEarly', 'heap of worker and tabs after 100,000 events, MB'],
  ['heapLate', 'heap of worker and tabs after 1,000,000 events, MB'],
  ['size', 'minified and brotli, kB'],
]

/** Three digits that say something. @param {number} value */
export const figure = (value) => {
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2)
}

/** @param {import('./results.mjs').Results} results */
export const printResults = (results) => {
  for (const [measure, title] of titles) {
    const rows = results.rows.filter((row) => row.measure === measure)
    if (rows.length === 0) continue
    const tabs = [...new Set(rows.map((row) => row.tabs))].toSorted((a, b) => a - b)
    console.log(`\n${title} (median, lowest–highest)`)
    console.log(
      ' '.repeat(38) + tabs.map((count) => `${count} tab${count > 1 ? 's' : ''}`.padEnd(34)).join(''),
    )
    for (const contestant of new Set(rows.map((row) => row.contestant))) {
      const cells = tabs.map((count) => {
        const values = results.find(measure, contestant, count)?.values
        if (!values) return ''.padEnd(34)
        const spread = `${figure(Math.min(...values))}–${figure(Math.max(...values))}`
        const median = figure(results.median(measure, contestant, count))
        return (values.length > 1 ? `${median}  (${spread})` : median).padEnd(34)
      })
      console.log(`  ${(NAMES[contestant] ?? contestant).padEnd(36)}${cells.join('').trimEnd()}`)
    }
  }
}

/** @param {readonly ReturnType<typeof import('./targets.mjs').judge>[]} judged */
export const printTargets = (judged) => {
  console.log('\ntargets')
  for (const { name, got, target, verdict } of judged)
    console.log(
      `  ${name.padEnd(50)}${(got === null ? '–' : figure(got)).padStart(8)}   ${target.padEnd(9)}${verdict}`,
    )
}
