/**
 * The one mapping from the wire's snake_case to the handlers' camelCase. It has no schema and no zod in it,
 * because every tab carries it.
 */

/** `agent_name` → `agentName`, for one key. */
export type CamelKey<K extends string> = K extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelKey<Tail>>}`
  : K

/** Fields whose value belongs to the contract and is mapped too; every other value is left as it came. */
type Container = 'message' | 'attachments' | 'agent' | 'channel' | 'file'

type CamelValue<V> = V extends readonly (infer Item)[]
  ? CamelValue<Item>[]
  : V extends object
    ? Camelize<V>
    : V

/** `T` with camelCase keys. Values of free-form fields (`input`, `output`, unknown ones) keep theirs. */
export type Camelize<T> = {
  [K in keyof T as K extends string ? CamelKey<K> : K]: K extends Container ? CamelValue<T[K]> : T[K]
}

const containers: ReadonlySet<string> = new Set<Container>([
  'message',
  'attachments',
  'agent',
  'channel',
  'file',
])
const keys = new Map<string, string>()

/** Keys recur with every event, so each is computed once; the bound keeps a hostile relay from filling memory. */
const camelKey = (key: string): string => {
  let mapped = keys.get(key)
  if (mapped === undefined) {
    mapped = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (keys.size < 1_000) keys.set(key, mapped)
  }
  return mapped
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The contract nests no deeper than an attachment in a message. What does is not the contract's, and stays. */
const DEEPEST = 4

const camelValue = (value: unknown, depth: number): unknown => {
  if (depth > DEEPEST) return value
  if (Array.isArray(value)) return value.map((item) => camelValue(item, depth + 1))
  return isRecord(value) ? mapKeys(value, depth + 1) : value
}

const mapKeys = (record: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> => {
  const mapped: Record<string, unknown> = {}
  for (const key of Object.keys(record)) {
    // A parsed frame can own a key "__proto__"; assigning it would set the prototype instead.
    if (key === '__proto__') continue
    const value = record[key]
    mapped[camelKey(key)] = containers.has(key) ? camelValue(value, depth) : value
  }
  return mapped
}

/**
 * Maps a wire event's keys to camelCase: its own, and those of the records that the contract names
 * (`message`, `attachments`, `agent`, `channel`, `file`). Nothing else is touched.
 */
export const camelize = <T extends object>(wire: T): Camelize<T> =>
  // `mapKeys` does to the value what Camelize does to the type, which TypeScript cannot follow.
  mapKeys(wire as Readonly<Record<string, unknown>>, 0) as Camelize<T>
