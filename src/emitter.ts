/** Handlers and their ends. */
import type { ListenOptions, Unsubscribe } from './events.js'

/** A list of handlers that are all called, also when one throws. */
export class Emitter<Args extends readonly unknown[]> {
  readonly #handlers = new Set<{ readonly handle: (...args: Args) => unknown }>()
  readonly #failed: (error: unknown) => void

  /** @param failed told of what a handler throws, or rejects with */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  get isEmpty(): boolean {
    return this.#handlers.size === 0
  }

  /** Adds a handler. The same function added twice is called twice. */
  on(handle: (...args: Args) => unknown, { signal }: ListenOptions = {}): Unsubscribe {
    const handler = { handle }
    if (signal?.aborted) return () => undefined
    const off = (): void => {
      this.#handlers.delete(handler)
      signal?.removeEventListener('abort', off)
    }
    this.#handlers.add(handler)
    signal?.addEventListener('abort', off, { once: true })
    return off
  }

  emit(...args: Args): void {
    for (const { handle } of this.#handlers) {
      try {
        const result = handle(...args)
        if (result instanceof Promise) result.catch(this.#failed)
      } catch (error) {
        this.#failed(error)
      }
    }
  }
}
