/** Names, and how many in this page want each. */
export class Counts {
  readonly #counts = new Map<string, number>()

  /** Those that somebody wants. */
  get names(): string[] {
    return [...this.#counts.keys()]
  }

  has(name: string): boolean {
    return this.#counts.has(name)
  }

  /** One more, or one less, wants it. Returns whether it is the first one, or was the last. */
  add(name: string, by: 1 | -1): boolean {
    const before = this.#counts.get(name) ?? 0
    const after = before + by
    if (after > 0) this.#counts.set(name, after)
    else this.#counts.delete(name)
    return before === 0 || after === 0
  }
}
