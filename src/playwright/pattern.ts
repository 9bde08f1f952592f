/** What a test expects of an event, and whether one is it. */
import type { Received } from './recorder.js'

/**
 * Fields that an event has, among others; objects in it are compared in the same way, arrays item by item. Values
 * can be asymmetric matchers, as `expect.stringContaining('…')`. Keys are camelCase, as handlers get them.
 */
export interface EventPattern {
  /** That of the event: `message.created`, `resynced`, … */
  readonly type?: string
  readonly [field: string]: unknown
}

/** The text of a message, or fields of an event. */
export type ExpectedEvent = string | EventPattern

interface Asymmetric {
  asymmetricMatch(value: unknown): boolean
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isAsymmetric = (value: unknown): value is Asymmetric =>
  isObject(value) && typeof value['asymmetricMatch'] === 'function'

/** Has a value all that the pattern says? */
const fits = (pattern: unknown, value: unknown): boolean => {
  if (isAsymmetric(pattern)) return pattern.asymmetricMatch(value)
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length) return false
    return pattern.every((each, index) => fits(each, value[index]))
  }
  if (!isObject(pattern)) return Object.is(pattern, value)
  return isObject(value) && Object.entries(pattern).every(([key, part]) => fits(part, value[key]))
}

/** Is this what is expected? */
export const isExpected = (expected: ExpectedEvent, { text, event }: Received): boolean =>
  typeof expected === 'string' ? text === expected : fits(expected, event)

/**
 * Is this of a kind that a list of expected events speaks of: a message, where texts are expected, and otherwise an
 * event of one of the types?
 */
export const isOfKind = (expected: readonly ExpectedEvent[], { type, text, offset }: Received): boolean => {
  if (expected.length === 0) return text !== undefined
  return expected.some((each) => {
    if (typeof each === 'string') return text !== undefined
    return typeof each.type === 'string' ? type === each.type : offset !== undefined
  })
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text)

/** One that is nested too deeply to be written is not worth the end of the report. */
const json = (value: unknown): string => {
  try {
    return (
      JSON.stringify(value, (_, part: unknown) => (isAsymmetric(part) ? String(part) : part)) ?? 'undefined'
    )
  } catch {
    return '(cannot be shown)'
  }
}

/** How it reads in a message. */
export const describeExpected = (expected: ExpectedEvent): string =>
  typeof expected === 'string' ? JSON.stringify(shorten(expected)) : shorten(json(expected))

/** How it reads in a message. */
export const describeReceived = ({ type, text, event, offset, replayed }: Received): string => {
  const what = text === undefined ? shorten(json(event)) : JSON.stringify(shorten(text))
  const where = offset === undefined ? '' : `  (offset ${offset}${replayed ? ', replayed' : ''})`
  return `${type}  ${what}${where}`
}
