/** Where the hooks get their relay from: a value of the context that stays the same while the relay comes and goes. */
import { connect, type ConnectOptions, type Relay } from '../index.js'

/** What a provider puts into the context. */
export interface RelaySource {
  /**
   * Holds the relay for as long as something of the tree is mounted. There is one as soon as this returns, if there can
   * be one: what listens in the same task misses nothing. Returns what lets go.
   *
   * @param changed told when there is another relay, or none
   */
  readonly hold: (changed?: () => void) => () => void
  readonly current: () => Relay | null
  /** Why there is none, if `connect` has thrown. */
  readonly error: () => unknown
}

/** A relay that belongs to somebody else. */
export const givenRelay = (relay: Relay | null): RelaySource => ({
  hold: () => () => undefined,
  current: () => relay,
  error: () => null,
})

/**
 * A relay that is made when it is first held, so neither on a server nor by a render that is thrown away, and closed
 * when nobody holds it any more.
 */
export class MadeRelay implements RelaySource {
  #options: ConnectOptions
  #relay: Relay | null = null
  #error: unknown = null
  readonly #holders = new Set<{ readonly changed: (() => void) | undefined }>()

  constructor(options: ConnectOptions) {
    this.#options = options
  }

  /** From now on the token is asked of these. All else stays as it was when the relay was made. */
  update(options: ConnectOptions): void {
    this.#options = options
  }

  readonly hold = (changed?: () => void): (() => void) => {
    const holder = { changed }
    this.#holders.add(holder)
    if (!this.#relay && this.#error === null) this.#connect()
    return () => {
      // StrictMode and Fast Refresh let go and hold again in one task: that is no reason to close anything.
      if (this.#holders.delete(holder)) queueMicrotask(() => this.#closeIfUnheld())
    }
  }

  readonly current = (): Relay | null => this.#relay

  readonly error = (): unknown => this.#error

  #connect(): void {
    try {
      this.#relay = connect({ ...this.#options, token: this.#token() })
    } catch (error) {
      this.#error = error
    }
    for (const { changed } of this.#holders) changed?.()
  }

  /** A function is a new one with each render, and the newest knows what the app knows. */
  #token(): ConnectOptions['token'] {
    const { token } = this.#options
    if (typeof token !== 'function') return token
    return () => {
      const { token: newest } = this.#options
      return typeof newest === 'function' ? newest() : newest
    }
  }

  #closeIfUnheld(): void {
    if (this.#holders.size > 0) return
    this.#relay?.close()
    this.#relay = null
    this.#error = null
  }
}
