/**
 * Tells tools that run in the page (test kits, inspectors) of each relay that `connect` makes, so that they need
 * nothing in the app. An event, because there can be several of them, and one that throws is in nobody's way.
 */
import type { Relay } from './api.js'

/** See the head of this file. */
export const announce = (relay: Relay): Relay => {
  dispatchEvent(new CustomEvent('tabmux:connect', { detail: relay }))
  return relay
}
