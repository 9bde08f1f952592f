/** An event as it was sent: the original payload with its original `agent_seq`. */
export interface RingEntry {
  readonly seq: number
  readonly text: string
}

/** The newest events of one agent, for a resync. `PROTOCOL.md`, "The relay's answer", step 1. */
export class Ring {
  readonly #size: number
  #entries: RingEntry[] = []
  #lostUpTo = 0

  constructor(size: number) {
    this.#size = size
  }

  /** The highest `agent_seq` that the ring held and no longer holds; 0 if it still holds all. */
  get lostUpTo(): number {
    return this.#lostUpTo
  }

  /** Adds an event. One that was numbered before others and comes late goes to its place among them. */
  add(entry: RingEntry): void {
    const place = this.#entries.findLastIndex(({ seq }) => seq < entry.seq) + 1
    this.#entries.splice(place, 0, entry)
    if (this.#entries.length > this.#size) this.#forget(this.#entries.shift())
  }

  /** What the ring holds after `seq`, oldest first. */
  after(seq: number): readonly RingEntry[] {
    return this.#entries.filter((entry) => entry.seq > seq)
  }

  /** Loses everything that the ring holds. */
  clear(): void {
    this.#forget(this.#entries.at(-1))
    this.#entries = []
  }

  #forget(entry: RingEntry | undefined): void {
    if (entry) this.#lostUpTo = Math.max(this.#lostUpTo, entry.seq)
  }
}
