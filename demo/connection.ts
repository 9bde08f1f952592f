import { connect, type Relay } from 'tabmux'
import { fetchToken, type Config } from './api.js'

/** The one connection of this agent, shared by all tabs. */
export const openRelay = ({ relayUrl, agent }: Config): Relay =>
  connect({
    baseUrl: relayUrl,
    token: fetchToken,
    agent,
    // An app that works offline may be offline for days.
    maxReconnectAttempts: Infinity,
    worker: () =>
      // Bundlers want the options as a literal. `extendedLifetime` (Chromium 148 on) lets the worker outlive the reload
      // of the only tab; other browsers ignore it, and TypeScript's WorkerOptions does not have it yet.
      new SharedWorker(new URL('./relay.worker.ts', import.meta.url), {
        type: 'module',
        name: 'tabmux-demo',
        extendedLifetime: true,
      } as WorkerOptions),
  })
