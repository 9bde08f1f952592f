/** A port with a facade behind it, and somebody at the other end who posts what Comlink never would. */
import { openPort } from '../../src/bridge-port.js'
import { isCall } from './messages.js'
import { expectPrototypesUntouched } from './prototypes.js'

/** The methods of the other end, which the facade's side may call. */
interface Other {
  ask(): Promise<string>
}

const PROBE = 'probe'

/** A round that does not end within this time has stopped the port, or nearly so. In milliseconds. */
const DEADLINE_MS = 10_000

/** What `openPort` is given has a method that it inherits: that is not to be reached. */
const inherited = {
  inherited: () => {
    throw new Error('an inherited method was called')
  },
}

/** See the head of this file. */
export class AttackedPort {
  /** What the attacker holds. */
  readonly #far: MessagePort
  readonly #near: MessagePort
  readonly #remote: { readonly ask: () => Promise<string> }
  #calls = 0
  /** The ids of the answers that came, in order. */
  #answers: unknown[] = []
  #whenProbed: () => void = () => undefined
  /** What is answered to the next call of the facade's side, in order. */
  #answerWith: readonly object[] = []

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.#far = port1
    this.#near = port2
    const counted = () => void (this.#calls += 1)
    const own = {
      greet: counted,
      fail: () => {
        counted()
        throw new Error('as it should')
      },
    }
    Object.setPrototypeOf(own, inherited)
    this.#remote = openPort<Other>(port2, own)
    port1.addEventListener('message', ({ data }) => this.#heard(data))
    port1.start()
  }

  /**
   * Posts the messages, and then sees that nothing was called but what they call soundly, that nothing else was
   * answered, and that the port still works both ways.
   *
   * @throws {Error} Something does not hold.
   */
  async post(hostile: readonly unknown[], falseAnswers: readonly object[]): Promise<void> {
    this.#calls = 0
    this.#answers = []
    for (const message of hostile) this.#send(message)
    await this.#probe()
    const calls = hostile.filter((message) => isCall(message)).length + 1
    if (this.#calls !== calls) throw new Error(`expected ${calls} calls, got ${this.#calls}`)
    if (this.#answers.length !== calls)
      throw new Error(`expected ${calls} answers, got those to ${JSON.stringify(this.#answers)}`)
    const sound = { type: 'RAW', value: 'sound' }
    this.#answerWith = [...falseAnswers, sound]
    const answer: unknown = await this.#remote.ask()
    if (answer !== 'sound') throw new Error(`expected the sound answer, got a ${typeof answer}`)
    expectPrototypesUntouched()
  }

  close(): void {
    this.#far.close()
    this.#near.close()
  }

  #send(message: unknown): void {
    try {
      this.#far.postMessage(message)
    } catch (error) {
      // What cannot be cloned cannot be posted, by anybody.
      if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error
    }
  }

  /** A sound call: when its answer is here, all that was posted before it has been dealt with. */
  #probe(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the port has stopped')), DEADLINE_MS)
      this.#whenProbed = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#far.postMessage({ id: PROBE, type: 'APPLY', path: ['greet'], argumentList: [] })
    })
  }

  #heard(data: { readonly id: unknown; readonly type: string }): void {
    if (data.type === 'APPLY') {
      for (const answer of this.#answerWith) this.#far.postMessage({ ...answer, id: data.id })
      return
    }
    this.#answers.push(data.id)
    if (data.id === PROBE) this.#whenProbed()
  }
}
