/** Only compiled: the entries that the page does not import have their types too, and they are not `any`. */
import type { connect } from 'tabmux/tabmux.js'
import type { Relay } from 'tabmux'
import type { ServerEvent } from 'tabmux/protocol'
import type { startRelay } from 'tabmux/testing'

export type EventType = ServerEvent['type']
// @ts-expect-error No event is called so.
export const type: EventType = 'no.such.event'
// @ts-expect-error The agents are a record.
export const relay: Parameters<typeof startRelay>[0] = { agents: 1 }
// @ts-expect-error There has to be a worker.
export const options: Parameters<typeof connect>[0] = { baseUrl: '', token: '' }

// Tools in the page are told of each relay.
addEventListener('tabmux:connect', ({ detail }) => {
  const told: Relay = detail
  // @ts-expect-error It is a relay, and not just anything.
  const wrong: number = detail
  return [told, wrong]
})
