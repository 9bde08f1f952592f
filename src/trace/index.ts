/**
 * What takes time in this tab, as spans. An entry of its own, so that only who traces loads it.
 * @module
 */
import type { GapCause, GapSource, RelayStatus, Resynced, Trace } from '../index.js'

/** What all kinds of spans have. */
export interface Span<Name extends string, Attributes> {
  /** Which kind it is. */
  readonly name: Name
  /** When it began, in milliseconds since 1970. */
  readonly startTime: number
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** What is known about it beside its time. */
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

/**
 * Makes the `trace` option of `connect` from a function that takes spans. One for each `connect`.
 *
 * @param take called when something has ended, in the middle of it, so it should be quick. What it throws goes to the
 * logger
 * @example connect({ ..., trace: spans(({ name, durationMs }) => histogram.record(durationMs, { name })) })
 */
export const spans = (take: (span: TraceSpan) => void): Trace => {
  const now = (): number => performance.now()
  let batch: { readonly start: number; entries: number; offset: number } | null = null
  let wasConnected = false
  let lostAt: number | null = null
  let attempts = 0
  let resyncingSince: number | null = null

  const end = <Name extends TraceSpan['name']>(
    name: Name,
    start: number,
    attributes: Extract<TraceSpan, { name: Name }>['attributes'],
    error?: unknown,
  ): void => {
    const durationMs = now() - start
    const span = { name, startTime: Date.now() - durationMs, durationMs, attributes }
    // Name and attributes belong together, as the parameters say.
    take((error === undefined ? span : { ...span, error }) as TraceSpan)
  }

  return {
    handler: (type, start, error, offset) =>
      end('handler', start, offset === undefined ? { type } : { type, offset }, error),

    entry: (offset) => {
      if (!batch) {
        const begun = { start: now(), entries: 0, offset }
        batch = begun
        // The entries of a batch go to the handlers in one task.
        queueMicrotask(() => {
          batch = null
          end('batch', begun.start, { entries: begun.entries, offset: begun.offset })
        })
      }
      batch.entries += 1
      batch.offset = offset
    },

    resynced: ({ replayed, gapDetected, source, cause }: Resynced) => {
      const start = source === 'relay' ? resyncingSince : null
      if (start !== null) resyncingSince = null
      end('resync', start ?? now(), { replayed, gapDetected, source, ...(cause && { cause }) })
    },

    status: ({ state, attempt, resyncing }: RelayStatus) => {
      if (resyncing) resyncingSince ??= now()
      const isConnected = state === 'connected'
      if (wasConnected && !isConnected) [lostAt, attempts] = [now(), 0]
      wasConnected = isConnected
      attempts = Math.max(attempts, attempt)
      if (!isConnected || lostAt === null) return
      end('reconnect', lostAt, { attempts })
      lostAt = null
    },
  }
}
