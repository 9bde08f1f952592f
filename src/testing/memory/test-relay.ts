/**
 * A `Relay` for unit tests: the client, the hub and the reference relay themselves, in one process and on time that
 * stands still, without a browser, a network or a database. So an app sees what it sees in a browser.
 */
import { HandClock } from '../../../worker/hand-clock.js'
import { Hub } from '../../../worker/hub.js'
import type { ConnectOptions, Relay } from '../../api.js'
import type { Hello } from '../../bridge.js'
import { Client } from '../../client.js'
import { checkOptions } from '../../options.js'
import type { MessageAnswer } from '../answers.js'
import { createCore } from '../core.js'
import { createFaults, type RelayFaults } from '../faults.js'
import { createInspection, type RelayInspection } from '../inspection.js'
import { resolveOptions, type RelayOptions } from '../options.js'
import { createPublishing, type EmittedEvent, type RelayPublishing } from '../publishing.js'
import { LocalPlace } from './place.js'
import { socketsTo } from './socket.js'
import { createMemoryStore } from './store.js'

/** What a tab of a test can be opened with: options of `connect`, but for those that the test relay gives itself. */
export type TestTabOptions = Partial<Omit<ConnectOptions, 'baseUrl' | 'worker' | 'agent' | 'persist'>>

/** Options of `createTestRelay`. */
export interface TestRelayOptions {
  /** Options of `connect` for the first tab. Times are on the test's own clock: see `advance`. */
  readonly connect?: TestTabOptions
  /**
   * Options of the relay. The test's agent is `alice`, with the token 'at_live_alice'; there is also `bob`, with
   * 'at_live_bob'.
   */
  readonly server?: Omit<
    RelayOptions,
    'port' | 'host' | 'database' | 'allowedOrigins' | 'maxPayload' | 'clock'
  >
}

/** What a test posts to a channel. */
export interface TestMessage {
  /** What it says. */
  readonly text: string
  /** The agent that writes it. @default 'bob' */
  readonly from?: string
  /** @default 'general' */
  readonly channel?: string
}

/**
 * A relay for a test, and the test's hands on it. What returns a promise resolves once every tab has handled what has
 * come of it. The methods can be taken apart: `const { relay, emit } = createTestRelay()`.
 */
export interface TestRelay extends Disposable {
  /** What `connect` would return: give it to the app. */
  readonly relay: Relay
  /** The server's side: `post`, `react`, `cut`, `loseRing`, `resetCounter`, `sockets`, … Call `settled` after it. */
  readonly server: RelayPublishing & RelayFaults & RelayInspection
  /** Another tab of the same agent, at the same hub. */
  openTab(options?: TestTabOptions): Relay
  /**
   * Sends an event of any type, with the keys that it has on the wire (snake_case), and gives its `agent_seq`.
   *
   * @throws RelayError `invalid_request` if the event has an `agent_seq`.
   */
  emit(event: EmittedEvent): Promise<number>
  /** Posts a message, which is a `message.created` event. */
  post(message: TestMessage): Promise<MessageAnswer>
  /** Cuts the socket, and refuses another until `reconnect`. What is emitted meanwhile is missed. */
  disconnect(): Promise<void>
  /** Lets the hub connect again, at once. It gets what it has missed, and then tells `resynced`. */
  reconnect(): Promise<void>
  /**
   * A short cut of the connection, and the `resynced` after it.
   *
   * @param options.gap whether an event is lost for good meanwhile: `resynced` tells a gap then, with the cause
   * `ring_exceeded`. @default false
   */
  resync(options?: { readonly gap?: boolean }): Promise<void>
  /** Lets so many milliseconds pass for the hub: backoff, heartbeat, time-outs. Its time stands still otherwise. */
  advance(ms: number): Promise<void>
  /** Waits until every tab has handled all that there is. */
  settled(): Promise<void>
  /** Closes all tabs and ends the hub. */
  close(): void
}

const AGENT = 'alice'
const TOKEN = 'at_live_alice'
const BASE_URL = 'http://relay.test'
/** In steps of this length, in milliseconds, between which everything that waits for a promise goes on. */
const STEP_MS = 100

/** Lets everything that waits for promises go on. A message comes after them, and is no timer that a test could fake. */
const flush = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })

/**
 * Makes a relay for a unit test.
 *
 * @throws {TabmuxError} `invalid_options`
 * @throws RelayError `invalid_request` for an option of the server that makes no sense
 * @example
 * const { relay, emit, post, resync } = createTestRelay()
 * showMessages(relay)
 * await post({ text: 'hello' })
 * expect(document.body.textContent).toContain('bob: hello')
 */
export const createTestRelay = ({ connect = {}, server = {} }: TestRelayOptions = {}): TestRelay => {
  const clock = new HandClock()
  const agents = { [AGENT]: TOKEN, bob: 'at_live_bob', ...server.agents }
  const settings = resolveOptions({ ...server, agents, clock: () => clock.now() })
  const core = createCore(settings, createMemoryStore())
  const publishing = createPublishing(core)
  const faults = createFaults(core)
  const openSocket = socketsTo(core)
  const tabs: Relay[] = []
  let runs = 0
  let hub: Hub | null = null
  let starting: Promise<Hub> | null = null

  const start = async ({ baseUrl, connection, storage }: Hello): Promise<Hub> => {
    const started = new Hub({
      baseUrl,
      options: connection,
      storage,
      instance: `test-${++runs}`,
      // Nothing is kept on a disk, so there is nothing to use.
      store: {
        use: () => Promise.reject(new Error('no disk')),
        close: () => undefined,
        destroy: async () => undefined,
      },
      clock,
      random: () => 0.5,
      // Time moves by the test's hand: what is sent comes without it.
      commitPauseMs: 0,
      openSocket,
      superseded: () => undefined,
      stopping: () => {
        starting = null
      },
      stopped: () => undefined,
    })
    hub = started
    await started.start()
    return started
  }

  const openTab = (options: TestTabOptions = {}): Relay => {
    const checked = checkOptions({
      token: TOKEN,
      ...options,
      baseUrl: BASE_URL,
      agent: AGENT,
      persist: 'none',
      worker: () => {
        throw new Error('a test relay has no worker')
      },
    })
    const tab = new Client(checked, {
      open: new Map(),
      make: (identity, its) => new LocalPlace(identity, its, (hello) => (starting ??= start(hello))),
    })
    tabs.push(tab)
    return tab
  }

  const advance = async (ms: number): Promise<void> => {
    await flush()
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      clock.advance(Math.min(STEP_MS, ms - passed))
      await flush()
    }
  }

  /** Tabs hear of the hub's progress a moment later. While it waits to connect again, no time passes. */
  const settled = async (): Promise<void> => {
    await flush()
    if (hub?.status().state === 'connected') await advance(STEP_MS)
  }

  const emit = async (event: EmittedEvent): Promise<number> => {
    // A hub that is just starting is there before it: tests need not wait for it.
    await flush()
    const seq = publishing.emit(AGENT, event)
    await settled()
    return seq
  }

  const disconnect = async (): Promise<void> => {
    await flush()
    faults.refuse(true)
    faults.cut(AGENT)
    await settled()
  }

  const reconnect = async (): Promise<void> => {
    faults.refuse(false)
    // As if the browser had said that it is online: the next attempt need not be waited for.
    hub?.online()
    await settled()
  }

  const close = (): void => {
    for (const tab of tabs) tab.close()
    hub?.stop()
  }

  return {
    relay: openTab(connect),
    server: { ...publishing, ...faults, ...createInspection(core) },
    openTab,
    emit,
    post: async ({ text, from = 'bob', channel = 'general' }) => {
      await flush()
      const answer = publishing.post({ from, channel, text })
      await settled()
      return answer
    },
    disconnect,
    reconnect,
    resync: async ({ gap = false } = {}) => {
      await disconnect()
      if (gap) {
        publishing.emit(AGENT, { type: 'test.lost' })
        faults.loseRing(AGENT)
      }
      await reconnect()
    },
    advance,
    settled,
    close,
    [Symbol.dispose]: close,
  }
}
