/** Pushed values as an async iterator. */
export class Stream<T> implements AsyncIterableIterator<T> {
  readonly #values: T[] = []
  readonly #readers: ((result: IteratorResult<T, undefined>) => void)[] = []
  readonly #ended: () => void
  #isEnded = false

  /** @param ended called once, when nobody will read any more or nothing will come any more */
  constructor(ended: () => void) {
    this.#ended = ended
  }

  push(value: T): void {
    if (this.#isEnded) return
    const reader = this.#readers.shift()
    if (reader) reader({ value, done: false })
    else this.#values.push(value)
  }

  /** What was pushed before can still be read. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    for (const reader of this.#readers.splice(0)) reader({ value: undefined, done: true })
    this.#ended()
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#values.length > 0) {
      const [value] = this.#values.splice(0, 1) as [T] // there is one
      return Promise.resolve({ value, done: false })
    }
    if (this.#isEnded) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => this.#readers.push(resolve))
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end()
    this.#values.length = 0
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
