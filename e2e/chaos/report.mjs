/** What a run has come to, as text. */

/** @typedef {import('./outcome.js').Outcome} Outcome */

/** What is said around a verdict: so much of the timeline before it, in milliseconds. */
const BEFORE_MS = 10_000

/** @param {Outcome} outcome @param {string} kind */
const count = ({ verdicts }, kind) => verdicts.filter((verdict) => verdict.kind === kind).length

/** @param {Readonly<Record<string, number>>} counts */
const list = (counts) =>
  Object.entries(counts)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ') || '–'

/** @param {Readonly<Record<string, number>>} counts */
const total = (counts) => Object.values(counts).reduce((sum, times) => sum + times, 0)

/** The figures of all runs side by side. @param {readonly Outcome[]} outcomes */
export const table = (outcomes) => {
  /** @type {[string, (outcome: Outcome) => unknown][]} */
  const rows = [
    ['version', ({ version }) => version],
    ['seconds', ({ seconds }) => seconds],
    ['faults', ({ faults }) => total(faults)],
    ['events', ({ events }) => events],
    ['deliveries', ({ deliveries }) => deliveries],
    ['tabs opened', ({ tabs }) => tabs],
    ['pages loaded', ({ pages }) => pages],
    ['… back from the cache', ({ restored }) => restored],
    ['runs of the hub', ({ hubs }) => hubs],
    ['gaps told', ({ gaps }) => total(gaps)],
    ['… events missed in them', ({ missed }) => missed],
    ['again after a crash in a batch', ({ again }) => again],
    ['again after journal_lost', ({ afterLoss }) => afterLoss],
    ...['lost', 'twice', 'out of order', 'untold', 'without need', 'stuck'].map(
      (kind) =>
        /** @type {[string, (outcome: Outcome) => unknown]} */ ([
          kind.toUpperCase(),
          (outcome) => count(outcome, kind),
        ]),
    ),
  ]
  return [
    ''.padEnd(32) + outcomes.map(({ browser }) => browser.padStart(16)).join(''),
    ...rows.map(
      ([name, of]) => name.padEnd(32) + outcomes.map((outcome) => String(of(outcome)).padStart(16)).join(''),
    ),
  ].join('\n')
}

/** What happened how often. @param {Outcome} outcome */
export const details = ({ browser, faults, skipped, gaps, errors }) =>
  [
    `${browser} faults: ${list(faults)}`,
    `${browser} skipped: ${list(skipped)}`,
    `${browser} gaps told: ${list(gaps)}`,
    `${browser} errors told: ${list(errors)}`,
  ].join('\n')

/** Enough to find the cause of what was wrong. @param {Outcome} outcome */
export const findings = ({ browser, seed, verdicts, timeline }) => {
  const start = timeline[0]?.at ?? 0
  const time = (/** @type {number} */ at) => `${((at - start) / 1_000).toFixed(2)} s`
  // One cause makes many: of each tab and kind the first few say enough.
  const shown = verdicts.filter((verdict, place) => {
    const alike = verdicts
      .slice(0, place)
      .filter(({ kind, tab }) => kind === verdict.kind && tab === verdict.tab)
    return alike.length < 3
  })
  return shown
    .slice(0, 20)
    .map(({ kind, tab, index, about, at, around }) =>
      [
        `${browser}, seed ${seed}: ${kind}: ${tab}, event ${index}, at ${time(at)}: ${about}`,
        ...around.map((line) => `    ${tab} ${line}`),
        ...timeline
          .filter((line) => line.at > at - BEFORE_MS && line.at < at + 1_000)
          .map((line) => `    ${time(line.at)} ${line.text}`),
      ].join('\n'),
    )
    .join('\n')
}
