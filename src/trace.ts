/** What takes time in this tab, measured for whoever asks: the shape of spans, and the clockwork behind them. */
import type { RelayStatus, Resynced } from './events.js'
import type { GapCause, GapSource } from './protocol/index.js'

interface Span<Name extends string, Attributes> {
  readonly name: Name
  /** When it began, in milliseconds since 1970. */
  readonly startTime: number
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  readonly attributes: Attributes
  /** What was thrown, if something was. */
  readonly error?: unknown
}

/** Entries of the journal have gone through all handlers of this connection. */
export type BatchSpan = Span<
  'batch',
  {
    /** How many: up to 1,024. */
    readonly entries: number
    /** The offset of the last one. */
    readonly offset: number
  }
>

/** A handler has returned. What it goes on with after that is not measured. */
export type HandlerSpan = Span<
  'handler',
  {
    /** What it was added for: an event's type, or `any`, `status`, `resynced`, `open`, `close`, `error`, … */
    readonly type: string
    /** That of the event, where it was called with one. */
    readonly offset?: number
  }
>

/** What was missed has come, or is told to be missing. Without duration where this tab did not see it begin. */
export type ResyncSpan = Span<
  'resync',
  {
    readonly replayed: number
    readonly gapDetected: boolean
    readonly source: GapSource
    readonly cause?: GapCause
  }
>

/** The connection was lost, to the relay or to the worker, and is there again. */
export type ReconnectSpan = Span<
  'reconnect',
  {
    /** How many attempts of the hub this tab has been told of. */
    readonly attempts: number
  }
>

/** Something that took time in this tab, told once it has ended. */
export type TraceSpan = BatchSpan | HandlerSpan | ResyncSpan | ReconnectSpan

/** Makes spans of what a client tells it. */
export class Tracer {
  readonly #trace: (span: TraceSpan) => void
  readonly #failed: (error: unknown) => void
  #batch: { readonly start: number; entries: number; offset: number } | null = null
  #lostAt: number | null = null
  #attempts = 0
  #wasConnected = false
  #resyncingSince: number | null = null

  /** @param failed told of what `trace` throws */
  constructor(trace: (span: TraceSpan) => void, failed: (error: unknown) => void) {
    this.#trace = trace
    this.#failed = failed
  }

  /** @param start when it was called, by `performance.now()` */
  handlerRan(type: string, start: number, error: unknown, offset: number | undefined): void {
    const attributes = offset === undefined ? { type } : { type, offset }
    this.#end(start, (timing) => ({
      name: 'handler',
      attributes,
      ...timing,
      ...(error !== undefined && { error }),
    }))
  }

  /** An entry is about to go to the handlers. Those of one batch go in one task. */
  entry(offset: number): void {
    if (!this.#batch) {
      this.#batch = { start: performance.now(), entries: 0, offset }
      queueMicrotask(() => this.#batchEnded())
    }
    this.#batch.entries += 1
    this.#batch.offset = offset
  }

  #batchEnded(): void {
    if (!this.#batch) return
    const { start, ...attributes } = this.#batch
    this.#batch = null
    this.#end(start, (timing) => ({ name: 'batch', attributes, ...timing }))
  }

  resynced({ replayed, gapDetected, source, cause }: Resynced): void {
    const attributes = { replayed, gapDetected, source, ...(cause && { cause }) }
    const start = source === 'relay' ? this.#resyncingSince : null
    if (source === 'relay') this.#resyncingSince = null
    this.#end(start ?? performance.now(), (timing) => ({ name: 'resync', attributes, ...timing }))
  }

  status({ state, attempt, resyncing }: RelayStatus): void {
    if (resyncing) this.#resyncingSince ??= performance.now()
    const isConnected = state === 'connected'
    if (this.#wasConnected && !isConnected) {
      this.#lostAt = performance.now()
      this.#attempts = 0
    }
    this.#wasConnected = isConnected
    this.#attempts = Math.max(this.#attempts, attempt)
    if (!isConnected || this.#lostAt === null) return
    const attributes = { attempts: this.#attempts }
    this.#end(this.#lostAt, (timing) => ({ name: 'reconnect', attributes, ...timing }))
    this.#lostAt = null
  }

  #end(start: number, span: (timing: { startTime: number; durationMs: number }) => TraceSpan): void {
    const durationMs = performance.now() - start
    try {
      this.#trace(span({ startTime: Date.now() - durationMs, durationMs }))
    } catch (error) {
      this.#failed(error)
    }
  }
}
