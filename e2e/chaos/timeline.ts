/** What a run has done when, by the test program's clock. */

/** See the head of this file. */
export class Timeline {
  readonly lines: { readonly at: number; readonly text: string }[] = []
  readonly began = performance.now()
  readonly #trace: (line: string) => void

  constructor(trace: (line: string) => void) {
    this.#trace = trace
  }

  log(text: string): void {
    const at = performance.now()
    this.lines.push({ at, text })
    this.#trace(`${((at - this.began) / 1_000).toFixed(2).padStart(8)}  ${text}`)
  }
}
