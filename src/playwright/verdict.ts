/** Whether what a tab was told is what is expected. Pure. */
import { describeExpected, isExpected, isOfKind, type ExpectedEvent } from './pattern.js'
import type { Received } from './recorder.js'

/** What a look at a record comes to. */
export interface Verdict {
  /** It can still change with what comes; `never` cannot become anything else. */
  readonly is: 'fulfilled' | 'open' | 'never'
  /** What is wrong, line by line. */
  readonly problems: readonly string[]
}

const of = (problems: readonly string[], isFinal: boolean): Verdict => {
  if (problems.length === 0) return { is: 'fulfilled', problems }
  return { is: isFinal ? 'never' : 'open', problems }
}

/** The most problems that are listed one by one. */
const MOST = 10

const listed = (what: string, all: readonly string[]): string[] => {
  if (all.length === 0) return []
  const more = all.length > MOST ? `, and ${all.length - MOST} more` : ''
  return [`${what}: ${all.slice(0, MOST).join(', ')}${more}`]
}

/** Each of these has come, in this order; whatever else has come, and however often. */
export const judgeReceived = (expected: readonly ExpectedEvent[], received: readonly Received[]): Verdict => {
  let from = 0
  for (const [index, each] of expected.entries()) {
    const found = received.findIndex((one, place) => place >= from && isExpected(each, one))
    if (found !== -1) {
      from = found + 1
      continue
    }
    const before = expected[index - 1]
    const isEarly = before !== undefined && received.some((one) => isExpected(each, one))
    const what = isEarly ? `missing after ${describeExpected(before)}` : 'missing'
    return of([`${what}: ${describeExpected(each)}`], false)
  }
  return of([], false)
}

/** This one has come, and not a second time. */
export const judgeOnce = (expected: ExpectedEvent, received: readonly Received[]): Verdict => {
  const count = received.filter((each) => isExpected(expected, each)).length
  if (count === 0) return of([`missing: ${describeExpected(expected)}`], false)
  return of(count === 1 ? [] : [`received ${count} times: ${describeExpected(expected)}`], true)
}

/** These have come, each once and in this order, and nothing else of their kind. What has come cannot be mended. */
export const judgeAllOnce = (expected: readonly ExpectedEvent[], received: readonly Received[]): Verdict => {
  const got = received.filter((each) => isOfKind(expected, each))
  const wrong = got.findIndex((each, index) => {
    const due = expected[index]
    return due === undefined || !isExpected(due, each)
  })
  if (wrong === -1) {
    const missing = expected.slice(got.length)
    return of(listed('missing', missing.map(describeExpected)), false)
  }
  return of(differences(expected, got, wrong), true)
}

const differences = (
  expected: readonly ExpectedEvent[],
  got: readonly Received[],
  wrong: number,
): string[] => {
  const counts = expected.map((each) => got.filter((one) => isExpected(each, one)).length)
  const names = expected.map(describeExpected)
  const strange = got.filter((one) => !expected.some((each) => isExpected(each, one)))
  const problems = [
    ...listed(
      'received more than once',
      names.flatMap((name, index) => ((counts[index] ?? 0) > 1 ? `${name} (${counts[index]} times)` : [])),
    ),
    ...listed(
      'not expected',
      strange.map(({ text, type }) => (text === undefined ? type : JSON.stringify(text))),
    ),
    ...listed(
      'missing',
      names.filter((_, index) => counts[index] === 0),
    ),
  ]
  const due = names[wrong] ?? 'nothing more'
  const came = got[wrong]
  const what = came && (came.text === undefined ? came.type : JSON.stringify(came.text))
  return [...problems, `first difference: at place ${wrong + 1} expected ${due}, got ${what}`]
}
