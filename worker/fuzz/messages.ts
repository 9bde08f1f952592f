/** What the other end of a port may post: every kind of Comlink's messages, sound and bent, and noise. */
import * as fc from 'fast-check'

/** The methods of the facade that is attacked. */
const METHODS = ['greet', 'fail'] as const

const kinds = 'GET SET APPLY CONSTRUCT ENDPOINT RELEASE RAW HANDLER apply toString'.split(' ')

const names: readonly string[] = [
  ...METHODS,
  ...'inherited missing __proto__ constructor prototype toString hasOwnProperty'.split(' '),
  ...'apply call bind then length arguments 0'.split(' '),
]

const name = fc.constantFrom(...names)
const odd = fc.constantFrom<unknown>(
  null,
  undefined,
  0,
  1,
  -1,
  true,
  '',
  'greet',
  {},
  { length: 1, 0: 'greet' },
)

const path = fc.oneof(
  { weight: 6, arbitrary: name.map((method) => [method]) },
  { weight: 6, arbitrary: fc.array(name, { maxLength: 4 }) },
  { weight: 2, arbitrary: fc.array(fc.oneof(name, odd), { maxLength: 3 }) },
  { weight: 2, arbitrary: odd },
)

/** Nothing else that is cloned costs so little to send and so much to go through. */
const endless: readonly unknown[] = Array.from({ length: 0 })
Object.assign(endless, { length: 2 ** 32 - 1 })

/** Own properties that an object gets by being cloned, and not by being written down. */
const owning = (key: string, value: unknown): object =>
  Object.defineProperty({}, key, { value, enumerable: true, writable: true, configurable: true })

const argument = fc.oneof(
  fc.constantFrom<unknown>(
    { type: 'RAW', value: 1 },
    { type: 'RAW', value: owning('__proto__', { polluted: true }) },
    { type: 'RAW' },
    { type: 'HANDLER', name: 'proxy', value: {} },
    { type: 'HANDLER', name: 'throw', value: { isError: true, value: owning('__proto__', {}) } },
    { type: 'HANDLER', name: 'missing' },
    { type: 'HANDLER' },
    {},
  ),
  odd,
)

const argumentList = fc.oneof(
  { weight: 6, arbitrary: fc.constant([]) },
  { weight: 8, arbitrary: fc.array(argument, { maxLength: 6 }) },
  { weight: 2, arbitrary: odd },
  { weight: 1, arbitrary: fc.constant(endless) },
)

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 6 })

/** A message of Comlink's, as far as it goes. */
const bent = fc
  .record({
    id: optional(fc.oneof(fc.constant('forged'), odd)),
    type: optional(fc.oneof(fc.constantFrom(...kinds), odd)),
    name: optional(fc.constantFrom('throw', 'proxy', 'toString', '__proto__')),
    path: optional(path),
    argumentList: optional(argumentList),
    value: optional(argument),
    polluting: fc.nat(9),
  })
  .map(({ polluting, ...message }) =>
    polluting === 0
      ? Object.assign(owning('__proto__', { type: 'APPLY', path: ['greet'], argumentList: [] }), message)
      : message,
  )

const noise = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})

/** Anything that a port may be sent. */
export const messages: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 9, arbitrary: bent },
  { weight: 1, arbitrary: noise },
)

/** What is neither an answer of Comlink's nor a call, whatever call its id is that of. */
export const noAnswers: fc.Arbitrary<object> = fc.record({
  type: fc.constantFrom(...kinds.filter((kind) => kind !== 'RAW' && kind !== 'APPLY')),
  name: fc.constantFrom('proxy', 'toString', '__proto__', 'constructor', undefined),
  path: optional(path),
  argumentList: optional(argumentList),
  value: argument,
})

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** What alone is to be let in: a call of a method by its name, with plain data. */
export const isCall = (message: unknown): boolean => {
  if (!isRecord(message) || message['type'] !== 'APPLY') return false
  const { path: way, argumentList: given } = message
  if (!Array.isArray(way) || way.length !== 1 || !METHODS.some((method) => method === way[0])) return false
  if (!Array.isArray(given) || given.length > 4) return false
  return given.every((value) => isRecord(value) && value['type'] === 'RAW')
}
