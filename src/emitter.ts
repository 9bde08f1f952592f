/** Handlers and their ends. */
import type { ListenOptions, Unsubscribe } from './events.js'

interface Handler<Args extends readonly unknown[]> {
  readonly handle: (...args: Args) => unknown
  isRemoved: boolean
}

/** A list of handlers that are all called, also when one throws. */
export class Emitter<Args extends readonly unknown[]> {
  /** Another array whenever one is added or removed, so that an event can go through it undisturbed. */
  #handlers: readonly Handler<Args>[] = []
  readonly #failed: (error: unknown, ...args: Args) => void
  readonly #ran: ((start: number, error: unknown, ...args: Args) => void) | undefined

  /**
   * @param failed told of what a handler throws, or rejects with, and what it had been told
   * @param ran told of each call of a handler: when it began (`performance.now()`), and what it threw
   */
  constructor(
    failed: (error: unknown, ...args: Args) => void,
    ran?: (start: number, error: unknown, ...args: Args) => void,
  ) {
    this.#failed = failed
    this.#ran = ran
  }

  get isEmpty(): boolean {
    return this.#handlers.length === 0
  }

  /**
   * Adds a handler. The same function added twice is called twice.
   *
   * @param late what the handler is told soon after, unless it is removed before; nothing by default
   */
  on(handle: (...args: Args) => unknown, { signal }: ListenOptions = {}, late?: Args): Unsubscribe {
    const handler: Handler<Args> = { handle, isRemoved: false }
    if (signal?.aborted) return () => undefined
    const off = (): void => {
      handler.isRemoved = true
      this.#handlers = this.#handlers.filter((each) => each !== handler)
      signal?.removeEventListener('abort', off)
    }
    this.#handlers = [...this.#handlers, handler]
    signal?.addEventListener('abort', off, { once: true })
    if (late) queueMicrotask(() => handler.isRemoved || this.#call(handler.handle, late))
    return off
  }

  emit(...args: Args): void {
    // A handler that is added meanwhile has its turn with the next event; one that is removed has none any more.
    for (const { handle, isRemoved } of this.#handlers) if (!isRemoved) this.#call(handle, args)
  }

  /** The same; resolves when what the handlers return has settled. */
  async settle(...args: Args): Promise<void> {
    await Promise.all(this.#handlers.map(({ handle, isRemoved }) => isRemoved || this.#call(handle, args)))
  }

  #call(handle: (...args: Args) => unknown, args: Args): Promise<unknown> | undefined {
    const start = this.#ran ? performance.now() : 0
    let thrown: { readonly error: unknown } | undefined
    let settled: Promise<unknown> | undefined
    try {
      const result = handle(...args)
      if (result instanceof Promise) settled = result.catch((error: unknown) => this.#failed(error, ...args))
    } catch (error) {
      thrown = { error }
    }
    this.#ran?.(start, thrown?.error, ...args)
    if (thrown) this.#failed(thrown.error, ...args)
    return settled
  }
}
