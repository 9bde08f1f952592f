/**
 * Tells tools that run in the page (test kits, inspectors) of each relay that `connect` makes, so that they need
 * nothing in the app. An event, because there can be several of them, and one that throws is in nobody's way.
 */
import type { Relay } from './api.js'

declare global {
  interface WindowEventMap {
    /** `connect` has made a relay, and returns it next: handlers that are added now miss nothing. */
    'tabmux:connect': CustomEvent<Relay>
  }
}

/** See the head of this file. */
export const announce = (relay: Relay): Relay => {
  dispatchEvent(new CustomEvent('tabmux:connect', { detail: relay }))
  return relay
}
