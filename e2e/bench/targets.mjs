/** What the bench must find: all targets, in one table. Ratios compare what was measured in the same run. */

/** @typedef {(measure: string, contestant: string, tabs: number) => number} Median */
/**
 * @typedef {object} Target
 * @property {string} name
 * @property {(median: Median) => number} value NaN if a part of it was not measured.
 * @property {number} [atLeast]
 * @property {number} [atMost]
 */

/** @param {string} measure @param {number} tabs @param {string} [other] @returns {Target['value']} */
const ratio =
  (measure, tabs, other = 'sdk') =>
  (median) =>
    median(measure, 'tabmux', tabs) / median(measure, other, tabs)

/** @param {string} measure @param {number} tabs @returns {Target['value']} */
const moreThanSdk = (measure, tabs) => (median) =>
  median(measure, 'tabmux', tabs) - median(measure, 'sdk', tabs)

/** @type {readonly Target[]} */
export const targets = [
  { name: 'deliveries/s, × SDK, 1 tab', value: ratio('throughput', 1), atLeast: 2.5 },
  { name: 'deliveries/s, × SDK, 8 tabs', value: ratio('throughput', 8), atLeast: 15 },
  { name: 'deliveries/s, × SDK, 16 tabs', value: ratio('throughput', 16), atLeast: 25 },
  { name: 'deliveries/s, × the limit, 8 tabs', value: ratio('throughput', 8, 'limit'), atLeast: 0.5 },

  { name: 'p50, ms more than SDK, 1 tab', value: moreThanSdk('p50', 1), atMost: 1 },
  { name: 'p50, ms more than SDK, 8 tabs', value: moreThanSdk('p50', 8), atMost: 0.5 },
  { name: 'p50, ms more than SDK, 16 tabs', value: moreThanSdk('p50', 16), atMost: 0 },
  { name: 'p99, × SDK, 8 tabs', value: ratio('p99', 8), atMost: 1 },
  { name: 'p99, × SDK, 16 tabs', value: ratio('p99', 16), atMost: 1 },

  { name: 'relay sockets, 8 tabs', value: (median) => median('sockets', 'tabmux', 8), atMost: 1 },
  { name: 'relay sockets, 16 tabs', value: (median) => median('sockets', 'tabmux', 16), atMost: 1 },
  {
    name: 'bytes sent an event, 16 tabs, × 1 tab',
    value: (median) => median('sent', 'tabmux', 16) / median('sent', 'tabmux', 1),
    atMost: 1.01,
  },

  {
    name: 'reload, extendedLifetime, ms',
    value: (median) => median('reload', 'tabmux', 1),
    atMost: 60,
  },
  { name: 'reload without, ms', value: (median) => median('reload', 'tabmux-short', 1), atMost: 200 },
  { name: 'reload, extendedLifetime, × SDK', value: ratio('reload', 1), atMost: 1 },
  {
    name: 'reload without, × SDK',
    value: (median) => median('reload', 'tabmux-short', 1) / median('reload', 'sdk', 1),
    atMost: 1,
  },

  { name: 'resync of 2,000, × SDK, 1 tab', value: ratio('resync', 1), atMost: 1 },
  { name: 'resync of 2,000, × SDK, 8 tabs', value: ratio('resync', 8), atMost: 1 },

  { name: 'memory, worker and tabs, × SDK, 8 tabs', value: ratio('memory', 8), atMost: 1 },
  {
    name: 'memory after 1,000,000 events, × after 100,000',
    value: (median) => median('heapLate', 'tabmux', 8) / median('heapEarly', 'tabmux', 8),
    atMost: 1.1,
  },

  { name: 'transactions in flight', value: (median) => median('inFlight', 'tabmux', 1), atMost: 1 },
  { name: 'bytes written, × the frames', value: (median) => median('written', 'tabmux', 1), atMost: 1.3 },

  { name: 'main thread of a tab, × SDK, 1 tab', value: ratio('mainThread', 1), atMost: 0.5 },
  { name: 'main thread of a tab, × SDK, 8 tabs', value: ratio('mainThread', 8), atMost: 0.5 },

  {
    name: 'time a delivery at 16 tabs, × at 1',
    value: (median) => median('perDelivery', 'tabmux', 16) / median('perDelivery', 'tabmux', 1),
    atMost: 1.2,
  },
  {
    name: 'time an event after 1,000,000, × after 1,000',
    value: (median) => median('eventLate', 'tabmux', 8) / median('eventEarly', 'tabmux', 8),
    atMost: 1.2,
  },

  { name: 'size of tabmux, kB', value: (median) => median('size', 'tabmux', 1), atMost: 4 },
  { name: 'size of tabmux/worker, kB', value: (median) => median('size', 'worker', 1), atMost: 14 },
]

/** @param {Target} target @param {Median} median */
export const judge = ({ name, value, atLeast, atMost }, median) => {
  const got = value(median)
  const limit = atLeast ?? atMost ?? Number.NaN
  const isMet = atLeast === undefined ? got <= limit : got >= limit
  return {
    name,
    got: Number.isNaN(got) ? null : got,
    target: `${atLeast === undefined ? '≤' : '≥'} ${limit}`,
    verdict: Number.isNaN(got) ? 'not measured' : isMet ? 'met' : 'MISSED',
  }
}
