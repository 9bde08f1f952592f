/**
 * The hooks for React, and the provider that gives them their relay.
 * @module
 */
// For frameworks with server components.
'use client'

export { RelayProvider } from './provider.js'
export { useRelay } from './use-relay.js'
export { useRelayEvent, useResynced } from './use-relay-event.js'
export { useRelayEvents } from './use-relay-events.js'
export { useRelayStatus } from './use-relay-status.js'
export type { RelayProviderProps } from './provider.js'
export type { EntryOf, RelayEventsOptions } from './use-relay-events.js'
