/** Does a value have a shape? Pure. What is wrong is said without the value: it may be somebody's message. */
import type { Shape } from '../src/protocol/shapes.js'
import { LONGEST_MS } from './clock.js'

/** What is wrong with a value: its path, what was expected, and of what kind it is. Null: nothing. */
export type Check = (value: unknown) => string | null

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** The kinds of values that a shape can name. */
const kinds: {
  readonly [kind: string]: { readonly name: string; readonly is: (value: unknown) => boolean }
} = {
  string: { name: 'a string', is: (value) => typeof value === 'string' },
  number: { name: 'a number', is: (value) => Number.isFinite(value) },
  boolean: { name: 'a boolean', is: (value) => typeof value === 'boolean' },
  guid: { name: 'a UUID', is: (value) => typeof value === 'string' && GUID.test(value) },
  count: { name: 'a whole number', is: isCount },
  /** What a timer can wait for, in milliseconds. */
  time: { name: 'milliseconds', is: (value) => isCount(value) && value <= LONGEST_MS },
  delay: {
    name: 'milliseconds, and not none',
    is: (value) => isCount(value) && value > 0 && value <= LONGEST_MS,
  },
  /** A count that may have no end. */
  amount: {
    name: 'a whole number or Infinity',
    is: (value) => value === Number.POSITIVE_INFINITY || isCount(value),
  },
  object: { name: 'an object', is: isObject },
}

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const wrong = (expected: string, value: unknown): string => `: expected ${expected}, got ${kindOf(value)}`

const checkOne = (shape: string): Check => {
  const { name, is } = kinds[shape] ?? {
    name: `one of ${shape.replaceAll('|', ', ')}`,
    is: (value) => typeof value === 'string' && shape.split('|').includes(value),
  }
  return (value) => (is(value) ? null : wrong(name, value))
}

const checkList = ([shape]: readonly [Shape]): Check => {
  const checkItem = checkerOf(shape)
  return (value) => {
    if (!Array.isArray(value)) return wrong('an array', value)
    for (const [index, item] of value.entries()) {
      const problem = checkItem(item)
      if (problem) return `.${index}${problem}`
    }
    return null
  }
}

const checkObject = (shape: { readonly [field: string]: Shape }): Check => {
  const fields = Object.entries(shape).map(([marked, fieldShape]) => {
    const [, field = '', optional, nullable] = /^(.*?)(\?)?(~)?$/.exec(marked) ?? []
    return { field, optional, nullable, checkField: checkerOf(fieldShape) }
  })
  return (value) => {
    if (!isObject(value)) return wrong('an object', value)
    for (const { field, optional, nullable, checkField } of fields) {
      const found = value[field]
      if ((optional && found === undefined) || (nullable && found === null)) continue
      const problem = checkField(found)
      if (problem) return `.${field}${problem}`
    }
    return null
  }
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape)

/** What checks values for a shape. To make it costs more than to use it: make it once. */
export const checkerOf = (shape: Shape): Check =>
  typeof shape === 'string' ? checkOne(shape) : isList(shape) ? checkList(shape) : checkObject(shape)
