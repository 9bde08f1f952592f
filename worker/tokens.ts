/** Asks the tabs for the agent's token: it lives in their memory, and nowhere else. */
import { TabmuxError } from '../src/errors.js'
import type { Clock } from './clock.js'

/** Somebody who may know the token. */
export interface TokenHolder {
  readonly token: () => Promise<string>
}

/** A frozen tab does not answer, and says nothing of it: after this time the next one is asked. In milliseconds. */
const ANSWER_DEADLINE_MS = 10_000

/** See the head of this file. */
export class Tokens {
  readonly #clock: Clock
  /** The newest last: it is the least likely to be frozen. */
  readonly #holders = new Map<TokenHolder, { gone: () => void; whenGone: Promise<null> }>()
  #waiting: (() => void)[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(holder: TokenHolder): void {
    let gone = () => undefined as void
    const whenGone = new Promise<null>((resolve) => (gone = () => resolve(null)))
    this.#holders.set(holder, { gone, whenGone })
    for (const wake of this.#waiting.splice(0)) wake()
  }

  remove(holder: TokenHolder): void {
    this.#holders.get(holder)?.gone()
    this.#holders.delete(holder)
  }

  /**
   * The token, from whoever answers first of the tabs asked one after the other. Waits while there is none.
   *
   * @throws {TabmuxError} `token_failed` if the app's function throws, or gives no token
   */
  async ask(): Promise<string> {
    for (;;) {
      for (const [holder, { whenGone }] of [...this.#holders].toReversed()) {
        const answer = await Promise.race([holder.token(), whenGone, this.#deadline()])
        if (answer === null) continue
        if (answer === '') throw new TabmuxError('token_failed', 'expected a token, got an empty string')
        return answer
      }
      // Those that are there have been asked in vain: the next one to come is the next chance.
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #deadline(): Promise<null> {
    return new Promise((resolve) => this.#clock.after(ANSWER_DEADLINE_MS, () => resolve(null)))
  }
}
