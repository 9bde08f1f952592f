import { createCore } from './core.js'
import { openDatabase } from './database.js'
import { createFaults, type RelayFaults } from './faults.js'
import { createHttp } from './http.js'
import { createInspection, type RelayInspection } from './inspection.js'
import { createListener } from './listener.js'
import { resolveOptions, type RelayOptions } from './options.js'
import { createPublishing, type RelayPublishing } from './publishing.js'
import { createStore } from './store.js'
import { createUpgrade } from './upgrade.js'

/** What outlives a restart. */
export interface RestartOptions {
  /** Whether counters and rings do. Without them every agent's counter starts again. @default true */
  readonly keepState?: boolean
}

/** A running relay: a real server, and a test's hands on it. */
export interface ReferenceRelay extends RelayPublishing, RelayFaults, RelayInspection, AsyncDisposable {
  /** `http://host:port`; it stays the same over a restart. */
  readonly url: string
  /**
   * Adds an agent, with a counter at 0, or gives one another token.
   *
   * @throws RelayError `conflict` if another agent has the token.
   */
  addAgent(name: string, token: string): void
  /** Adds a channel, if there is none of that name. */
  addChannel(name: string): void
  /** Ends every connection, and listens again on the same port with the same database. */
  restart(options?: RestartOptions): Promise<void>
  /** Ends every connection and closes the database; safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts the reference relay: a server that keeps the wire contract (`PROTOCOL.md`), for tests and demos.
 *
 * @throws RelayError `invalid_request` for an option that makes no sense, `conflict` if two agents have the
 * same token, `database_unavailable`; an error of Node with its own code (`EADDRINUSE`) if it cannot listen.
 * @example
 * await using relay = await startRelay({ agents: { alice: 'at_live_alice' } })
 * relay.post({ from: 'alice', channel: 'general', text: 'hello' })
 * relay.cut('alice')
 */
export const startRelay = async (options: RelayOptions = {}): Promise<ReferenceRelay> => {
  const settings = resolveOptions(options)
  const { host, port } = settings
  const core = createCore(settings, createStore(openDatabase(settings.database)))
  const publishing = createPublishing(core)
  const faults = createFaults(core)
  const onRequest = createHttp(core, publishing)
  const listener = createListener({ host, port, onRequest, onUpgrade: createUpgrade(core) })

  const stopWaiting = (): void => {
    core.holds.clear()
    for (const { feed } of core.agents.chosen(undefined)) feed.dropLate()
  }
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= listener.stop().then(() => {
      stopWaiting()
      core.store.close()
    })
    return closed
  }

  try {
    await listener.start()
  } catch (error) {
    core.store.close()
    throw error
  }
  return {
    ...publishing,
    ...faults,
    ...createInspection(core),
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`,
    addAgent: core.agents.add,
    addChannel: (name) => void core.store.addChannel(name, core.clock.now()),
    restart: async ({ keepState = true } = {}) => {
      await listener.stop()
      if (!keepState) faults.resetCounter()
      await listener.start()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
