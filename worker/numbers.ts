/** Single sequence numbers to keep in mind. Bounded: the oldest are forgotten first. Pure. */
export class Numbers {
  /** How many are kept. */
  static readonly CAPACITY = 1_000
  readonly #numbers = new Set<number>()

  has(seq: number): boolean {
    return this.#numbers.has(seq)
  }

  add(seq: number): void {
    this.#numbers.add(seq)
    if (this.#numbers.size <= Numbers.CAPACITY) return
    const [oldest] = this.#numbers
    if (oldest !== undefined) this.#numbers.delete(oldest)
  }

  /** Adds all from `first` to `last`, or as many of them as are kept. */
  addRange(first: number, last: number): void {
    for (let seq = Math.max(first, last - Numbers.CAPACITY + 1); seq <= last; seq++) this.add(seq)
  }

  /** Forgets those up to `seq`. */
  dropUpTo(seq: number): void {
    for (const number of this.#numbers) if (number <= seq) this.#numbers.delete(number)
  }

  clear(): void {
    this.#numbers.clear()
  }
}
