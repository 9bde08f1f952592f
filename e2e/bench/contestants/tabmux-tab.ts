/** A tab of this package, whatever worker it has. */
import { connect } from 'tabmux'
import type { Start } from './contestant.js'

/** The worker's expression has to stand with the options in one place, so each contestant brings its own. */
export const connectWith =
  (worker: () => SharedWorker, options: { readonly group?: string } = {}): Start =>
  async ({ baseUrl, token }, onEvent) => {
    // So long a delay leaves time to publish what is to be missed.
    const relay = connect({ baseUrl, token, agent: 'bench', worker, reconnectBaseDelayMs: 1_000 })
    relay.on.messageCreated(onEvent, options)
    relay.on.dmReceived(onEvent, options)
    await relay.ready
  }
