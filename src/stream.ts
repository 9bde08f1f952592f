/** Pushed values as an async iterator. */
export class Stream<T> implements AsyncIterableIterator<T> {
  readonly #values: T[] = []
  readonly #readers: ((result: IteratorResult<T, undefined>) => void)[] = []
  readonly #ended: () => unknown
  readonly #max: number
  readonly #overflow: (() => Error) | undefined
  #isEnded = false
  #error: Error | undefined

  /**
   * @param ended called once, when nobody will read any more or nothing will come any more
   * @param max how many values may wait to be read
   * @param overflow what the reader is told, after all values that wait, where one more came
   */
  constructor(ended: () => unknown, max = Number.POSITIVE_INFINITY, overflow?: () => Error) {
    this.#ended = ended
    this.#max = max
    this.#overflow = overflow
  }

  push(value: T): void {
    if (this.#isEnded) return
    const reader = this.#readers.shift()
    if (reader) return reader({ value, done: false })
    if (this.#values.length < this.#max) return void this.#values.push(value)
    // Nothing is left out in silence: what waits can be read, and then it is told that there was more.
    this.#error = this.#overflow?.()
    this.end()
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
    if (this.#error) {
      const error = this.#error
      this.#error = undefined
      return Promise.reject(error)
    }
    if (this.#isEnded) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => this.#readers.push(resolve))
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end()
    this.#values.length = 0
    this.#error = undefined
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
