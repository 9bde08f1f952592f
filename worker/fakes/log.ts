/** What has happened, in order, for a test that waits for it. */
export class Log<T> {
  readonly items: T[] = []
  #waiting: (() => void)[] = []

  push(item: T): void {
    this.items.push(item)
    for (const look of this.#waiting.splice(0)) look()
  }

  /** The first item that fits, or the `nth`: one that is there, or comes. */
  async until(fits: (item: T) => boolean, nth = 1): Promise<T> {
    for (;;) {
      const found = this.items.filter(fits)[nth - 1]
      if (found !== undefined) return found
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }
}
