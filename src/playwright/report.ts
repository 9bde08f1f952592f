/** What a matcher says when it fails: what was expected, what came, and what each tab was told. */
import { describeExpected, describeReceived, type ExpectedEvent } from './pattern.js'
import type { Received } from './recorder.js'

/** How many lines of a list are shown. */
const SHOWN = 12

/** The beginning and the end of a long list, numbered. */
const lines = (all: readonly string[]): string[] => {
  const numbered = all.map((line, index) => `  ${index + 1}. ${line}`)
  if (numbered.length <= SHOWN) return numbered
  const half = SHOWN / 2
  return [...numbered.slice(0, half), `  … ${numbered.length - SHOWN} more …`, ...numbered.slice(-half)]
}

/** What a tab was told, for the report. */
export interface TabReport {
  readonly name: string
  readonly received: readonly Received[]
  readonly problems: readonly string[]
  /** Whether it is one of those that the matcher was asked about. */
  readonly isAsked: boolean
}

const ofTab = ({ name, received, problems, isAsked }: TabReport): string[] => {
  // Where the client stands is not what a test of events asks for.
  const events = received.filter(({ offset }) => offset !== undefined)
  const [count, rest] = [events.length, received.length - events.length]
  const heading = `${name} received ${count} event${count === 1 ? '' : 's'}, and ${rest} words of the client`
  if (!isAsked) {
    const last = events.at(-1)
    return [last ? `${heading}; the last event: ${describeReceived(last)}` : heading]
  }
  return [
    ...problems.map((problem) => `${name}: ${problem}`),
    `${heading}:`,
    ...lines(received.map((each) => describeReceived(each))),
  ]
}

/** The text of a failure about tabs. */
export const reportTabs = (
  hint: string,
  wanted: string,
  expected: readonly ExpectedEvent[],
  tabs: readonly TabReport[],
): string =>
  [
    hint,
    '',
    `Expected ${wanted}:`,
    ...lines(expected.map(describeExpected)),
    '',
    ...tabs.flatMap((tab) => [...ofTab(tab), '']),
  ]
    .join('\n')
    .trimEnd()
