/** The rows on the page: at most `ROWS`, the newest, in the order of their offsets. */
import type { Item } from '../model/items.js'
import { continues, renderRow, type RowContext } from './row.js'

/** How many rows the page holds. */
export const ROWS = 300

export class Rows {
  readonly #list: HTMLElement
  readonly #context: () => RowContext
  #items: Item[] = []

  constructor(list: HTMLElement, context: () => RowContext) {
    this.#list = list
    this.#context = context
  }

  get length(): number {
    return this.#items.length
  }

  /** The offset of the newest row; 0 if there is none. */
  get last(): number {
    return this.#items.at(-1)?.offset ?? 0
  }

  replace(items: readonly Item[]): void {
    this.#items = items.slice(-ROWS)
    this.#list.replaceChildren(...this.#items.map((_, at) => this.#render(at)))
  }

  append(items: readonly Item[]): void {
    const rows = document.createDocumentFragment()
    for (const item of items) {
      this.#items.push(item)
      rows.append(this.#render(this.#items.length - 1))
    }
    this.#list.append(rows)
    this.#trim()
  }

  /** Draws messages anew that look different now. */
  redraw(ids: ReadonlySet<string>, current: (id: string) => Item | undefined): void {
    if (ids.size === 0) return
    for (const [at, item] of this.#items.entries()) {
      if (item.kind !== 'message' || !ids.has(item.id)) continue
      this.#items[at] = current(item.id) ?? item
      this.#swap(at)
    }
  }

  #render(at: number): HTMLElement {
    const item = this.#items[at]
    if (!item) throw new RangeError(`No row ${at}`)
    return renderRow(item, continues(item, this.#items[at - 1]), this.#context())
  }

  #swap(at: number): void {
    const old = this.#list.children[at]
    if (!old) return
    const focused = old.contains(document.activeElement)
    const fresh = this.#render(at)
    old.replaceWith(fresh)
    if (focused) fresh.focus({ preventScroll: true })
  }

  #trim(): void {
    const surplus = this.#items.length - ROWS
    if (surplus <= 0) return
    this.#items.splice(0, surplus)
    for (let n = 0; n < surplus; n += 1) this.#list.firstElementChild?.remove()
    // The first row may have gone on from one that is no longer there, and has to name its author now.
    if (this.#list.firstElementChild?.classList.contains('grouped')) this.#swap(0)
  }
}
