/** A WebSocket over simulated time: in order, late, and mortal. */
import type { Process } from './process.js'
import type { RelaySocket, SimulatedRelay } from './relay.js'
import type { Timeline } from './timeline.js'
import type { Witness } from './witness.js'

/** What the sockets of a run share. */
export interface Network {
  readonly timeline: Timeline
  readonly relay: SimulatedRelay
  readonly witness: Witness
  /** How long a frame is on its way, in milliseconds. */
  readonly latency: () => number
  readonly trace: (line: string) => void
  /** Does the worker of this process serve the tabs? */
  readonly serves: (owner: Process) => boolean
}

/** Has what the connection uses of a WebSocket. */
export class SimulatedSocket extends EventTarget implements RelaySocket {
  readonly #network: Network
  readonly #owner: Process
  #arrivesAt = 0
  #isDead = false
  isDeaf = false
  readonly channels = new Set<string>()

  get counts(): boolean {
    return this.#network.serves(this.#owner)
  }

  /** @param owner the process of the worker that made it */
  constructor(network: Network, owner: Process) {
    super()
    this.#network = network
    this.#owner = owner
    this.#later(() => {
      if (owner.hasEnded) return
      if (network.relay.refusing) return this.#closed(1006)
      network.relay.sockets.add(this)
      this.#hear(() => {
        if (this.counts) network.witness.opened()
        this.dispatchEvent(new Event('open'))
      })
    })
  }

  send(text: string): void {
    const { trace, witness, relay } = this.#network
    trace(`> ${text}`)
    if (this.counts && text.includes('"resync"')) witness.asked()
    this.#later(() => !this.isDeaf && relay.receive(this, text))
  }

  /** The client gives it up, or is gone. */
  close(): void {
    this.#isDead = true
    this.#network.relay.sockets.delete(this)
    if (this.counts) this.#network.witness.closed()
  }

  /** The relay's frame arrives, if the socket lives until then. */
  deliver(frame: object, heard?: () => void): void {
    const data = JSON.stringify(frame)
    this.#network.trace(`< ${data}${this.isDeaf ? ' (not heard)' : ''}`)
    if (this.isDeaf) return
    this.#later(() =>
      this.#hear(() => {
        this.dispatchEvent(new MessageEvent('message', { data }))
        if (this.counts) heard?.()
      }),
    )
  }

  /** The connection is cut; what is on its way arrives before. */
  cut(): void {
    this.#network.relay.sockets.delete(this)
    this.#later(() => this.#closed(1006))
  }

  #closed(code: number): void {
    this.#hear(() => {
      this.close()
      this.dispatchEvent(Object.assign(new Event('close'), { code, reason: '' }))
    })
  }

  #hear(callback: () => void): void {
    this.#owner.run(() => this.#isDead || callback())
  }

  /** TCP keeps the order, whatever the latency of each. */
  #later(callback: () => void): void {
    const { timeline, latency } = this.#network
    this.#arrivesAt = Math.max(this.#arrivesAt, timeline.now() + latency())
    timeline.after(this.#arrivesAt - timeline.now(), () => this.#isDead || callback())
  }
}
