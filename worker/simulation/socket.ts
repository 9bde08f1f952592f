/** A WebSocket over simulated time: in order, late, and mortal. */
import type { Timeline } from './timeline.js'
import type { RelaySocket, SimulatedRelay } from './relay.js'

/** What the sockets of a run share. */
export interface Network {
  readonly timeline: Timeline
  readonly relay: SimulatedRelay
  /** How long a frame is on its way, in milliseconds. */
  readonly latency: () => number
  readonly trace: (line: string) => void
}

/** Has what the connection uses of a WebSocket. */
export class SimulatedSocket extends EventTarget implements RelaySocket {
  readonly #network: Network
  #arrivesAt = 0
  #isDead = false
  /** It takes frames and gives none, and nobody says so. */
  isDeaf = false

  constructor(network: Network) {
    super()
    this.#network = network
    this.#later(() => {
      if (network.relay.refusing) return this.#closed(1006)
      network.relay.sockets.add(this)
      this.dispatchEvent(new Event('open'))
    })
  }

  send(text: string): void {
    this.#network.trace(`> ${text}`)
    this.#later(() => !this.isDeaf && this.#network.relay.receive(this, text))
  }

  close(): void {
    this.#isDead = true
    this.#network.relay.sockets.delete(this)
  }

  /** The relay's frame arrives, if the socket lives until then. */
  deliver(frame: object): void {
    const data = JSON.stringify(frame)
    this.#network.trace(`< ${data}`)
    if (!this.isDeaf) this.#later(() => this.dispatchEvent(new MessageEvent('message', { data })))
  }

  /** The connection is cut; what is on its way arrives before. */
  cut(): void {
    this.#network.relay.sockets.delete(this)
    this.#later(() => this.#closed(1006))
  }

  #closed(code: number): void {
    this.#isDead = true
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason: '' }))
  }

  /** TCP keeps the order, whatever the latency of each. */
  #later(callback: () => void): void {
    const { timeline, latency } = this.#network
    this.#arrivesAt = Math.max(this.#arrivesAt, timeline.now() + latency())
    timeline.after(this.#arrivesAt - timeline.now(), () => this.#isDead || callback())
  }
}
