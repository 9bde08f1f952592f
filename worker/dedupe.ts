/**
 * What has been seen: the keys of the newest entries, oldest forgotten first. Pure, and bounded by a number of
 * entries. It is not stored by itself: the journal keeps each entry's keys, and a restart remembers them again.
 */

/** What an entry leaves behind to be known by. */
export interface Trace {
  readonly keys: readonly string[]
  /** Keys that are new again after this entry. */
  readonly forgets: readonly string[]
  /** The entry's time, in milliseconds since 1970. */
  readonly at: number
}

/** Above the relay's ring of 500 and the 1,000 rows that a database replay brings of a kind; as in the public SDK. */
export const DEDUPE_CAPACITY = 2_048

/** The newest traces and their keys. */
export class Dedupe {
  readonly #capacity: number
  readonly #traces: Trace[] = []
  /** Which trace a key belongs to: forgetting an old trace must not forget a key that a newer one has again. */
  readonly #owners = new Map<string, Trace>()

  constructor(capacity = DEDUPE_CAPACITY, traces: Iterable<Trace> = []) {
    this.#capacity = capacity
    for (const trace of traces) this.remember(trace)
  }

  has(key: string): boolean {
    return this.#owners.has(key)
  }

  /** Is anything from `time` on known by its id, and not only by number or content? And of this event type, if one is given? */
  knowsIdsSince(time: number, type?: string): boolean {
    const isWanted = (key: string): boolean =>
      type === undefined ? !/^[#=~]/.test(key) : key.startsWith(`${type}:`)
    for (const [key, { at }] of this.#owners) if (at >= time && isWanted(key)) return true
    return false
  }

  remember(trace: Trace): void {
    for (const key of trace.forgets) this.#owners.delete(key)
    for (const key of trace.keys) this.#owners.set(key, trace)
    this.#traces.push(trace)
    if (this.#traces.length > this.#capacity * 2) this.#forgetOldest(this.#traces.length - this.#capacity)
    else if (this.#traces.length > this.#capacity)
      this.#disown(this.#traces[this.#traces.length - this.#capacity - 1])
  }

  /** The time of the entry `back` entries before the newest; null if fewer are remembered. */
  timeOf(back: number): number | null {
    return this.#traces[this.#traces.length - 1 - back]?.at ?? null
  }

  #disown(trace: Trace | undefined): void {
    for (const key of trace?.keys ?? []) if (this.#owners.get(key) === trace) this.#owners.delete(key)
  }

  /** The array is cut once it has doubled, so that a new entry costs the same however many there were. */
  #forgetOldest(count: number): void {
    for (const trace of this.#traces.splice(0, count)) this.#disown(trace)
  }
}
