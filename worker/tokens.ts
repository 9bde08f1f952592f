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
   * The token, from whoever answers first of the tabs asked one after the other; who was asked may also answer late.
   * Waits while there is nobody to ask.
   *
   * @throws whatever the app's function throws; {@link TabmuxError} `token_failed` if it gives no token
   */
  ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = new Set<TokenHolder>()
      let isAnswered = false
      const settle = (end: () => void): void => {
        isAnswered = true
        end()
      }
      const accept = (token: string): void =>
        settle(() => (token === '' ? reject(noToken()) : resolve(token)))
      const askNext = (): void => {
        if (isAnswered) return
        const next = [...this.#holders.keys()].toReversed().find((holder) => !asked.has(holder))
        // Those that are there have been asked: one of them may yet answer, or another one comes.
        if (!next) return void this.#waiting.push(askNext)
        asked.add(next)
        next.token().then(accept, (error) => settle(() => reject(error)))
        void Promise.race([this.#holders.get(next)?.whenGone, this.#deadline()]).then(askNext)
      }
      askNext()
    })
  }

  #deadline(): Promise<null> {
    return new Promise((resolve) => this.#clock.after(ANSWER_DEADLINE_MS, () => resolve(null)))
  }
}

const noToken = (): TabmuxError => new TabmuxError('token_failed', 'expected a token, got an empty string')
