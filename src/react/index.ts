'use client'
// The hooks for React: exports only. The line above is for frameworks with server components.

export { RelayProvider } from './provider.js'
export { useRelay } from './use-relay.js'
export { useRelayEvent, useResynced } from './use-relay-event.js'
export { useRelayEvents } from './use-relay-events.js'
export { useRelayStatus } from './use-relay-status.js'
export type { RelayProviderProps } from './provider.js'
export type { EntryOf, RelayEventsOptions } from './use-relay-events.js'
