/**
 * Keeps a reader in place while rows come and go: at the newest row if that is where they are, else at the row that
 * they look at. Browsers differ in how they anchor a scroll, so it is done here for all of them.
 */
export class Follow {
  readonly #scroller: HTMLElement
  #atEnd = true

  /** @param onEnd called when the reader comes back to the newest row */
  constructor(scroller: HTMLElement, onEnd: () => void) {
    this.#scroller = scroller
    scroller.addEventListener(
      'scroll',
      () => {
        const atEnd = this.#distance() < 32
        const arrived = atEnd && !this.#atEnd
        this.#atEnd = atEnd
        if (arrived) onEnd()
      },
      { passive: true },
    )
    new ResizeObserver(() => {
      if (this.#atEnd) this.toEnd()
    }).observe(scroller)
  }

  /** The reader is at the newest row. */
  get atEnd(): boolean {
    return this.#atEnd
  }

  toEnd(): void {
    this.#atEnd = true
    this.#scroller.scrollTop = this.#scroller.scrollHeight
  }

  /** Changes rows, and puts what the reader saw back to where it was. */
  keep(change: () => void): void {
    const anchor = this.#atEnd ? null : this.#firstVisible()
    const before = anchor?.getBoundingClientRect().top ?? 0
    change()
    if (this.#atEnd) this.toEnd()
    else if (anchor?.isConnected) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before
  }

  #distance(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller
    return scrollHeight - scrollTop - clientHeight
  }

  #firstVisible(): Element | null {
    const { top } = this.#scroller.getBoundingClientRect()
    for (const row of this.#scroller.children) {
      if (row.getBoundingClientRect().bottom > top) return row
    }
    return null
  }
}
