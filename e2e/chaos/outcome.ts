/** What a run has come to: the judgements of all tabs, and counts. */
import type { Browser } from './browser.js'
import { around, judge, type Facts, type TabHistory, type Verdict } from './judge.js'
import type { Timeline } from './timeline.js'

/** See the head of this file. Counts are by name. */
export interface Outcome {
  readonly browser: string
  readonly version: string
  readonly seed: number
  readonly seconds: number
  readonly faults: Readonly<Record<string, number>>
  readonly skipped: Readonly<Record<string, number>>
  readonly events: number
  readonly deliveries: number
  readonly tabs: number
  readonly pages: number
  readonly restored: number
  readonly hubs: number
  readonly gaps: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
  readonly missed: number
  readonly again: number
  readonly afterLoss: number
  readonly verdicts: readonly Verdict[]
  /** All that the tabs were told that something was wrong with. */
  readonly records: Readonly<Record<string, readonly string[]>>
  readonly timeline: readonly { readonly at: number; readonly text: string }[]
}

/** What a run knows at its end. */
interface Ended {
  readonly browser: Browser
  readonly seed: number
  readonly timeline: Timeline
  /** The names of the faults that happened, and of those that the browser gives no way to. */
  readonly done: readonly string[]
  readonly skipped: readonly string[]
  readonly stuck: readonly Verdict[]
  readonly facts: Facts
  readonly histories: readonly TabHistory[]
}

const count = (names: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** Judges all tabs and counts. */
export const summarise = (ended: Ended): Outcome => {
  const { browser, seed, timeline, done, skipped, stuck, facts, histories } = ended
  const judgements = histories.map((history) => judge(history, facts))
  const verdicts = [...stuck, ...judgements.flatMap((judgement) => judgement.verdicts)]
  const blamed = histories.filter(({ name }) => verdicts.some(({ tab }) => tab === name))
  const all = histories.flatMap(({ told }) => told)
  const sum = (key: 'events' | 'again' | 'afterLoss' | 'missed'): number =>
    judgements.reduce((before, judgement) => before + judgement[key], 0)
  return {
    browser: browser.name,
    version: browser.version,
    seed,
    seconds: Math.round((performance.now() - timeline.began) / 1_000),
    faults: count(done),
    skipped: count(skipped),
    events: facts.total,
    deliveries: sum('events'),
    tabs: histories.length,
    pages: all.filter(({ kind }) => kind === 'load').length,
    restored: all.filter(({ kind }) => kind === 'restored').length,
    hubs: new Set(all.flatMap((told) => (told.kind === 'hub' ? [told.instance] : []))).size,
    gaps: count(judgements.flatMap(({ gaps }) => gaps)),
    errors: count(all.flatMap((told) => (told.kind === 'error' ? [told.code] : []))),
    missed: sum('missed'),
    again: sum('again'),
    afterLoss: sum('afterLoss'),
    verdicts,
    records: Object.fromEntries(blamed.map(({ name, told }) => [name, around(told, 0, told.length)])),
    timeline: timeline.lines,
  }
}
