/**
 * One agent's hub. What the relay sends goes down this page:
 *
 *   connection ─▶ decode ─▶ session ─▶ journal ─▶ consumer, one a tab
 *                                             └─▶ group, one for several tabs
 *
 * The stages know each other by type at most. They are made here, and joined here.
 */
import type {
  BridgeError,
  ConnectionOptions,
  DeliveredEntry,
  Hello,
  HubStatus,
  Membership,
  Notice,
  PageView,
  Position,
  RelayReport,
  StorageOptions,
  TabPort,
  WorkerAddress,
} from '../src/bridge.js'
import { encodeError, TabmuxError } from '../src/errors.js'
import type { ClientEvent, ResyncedWire } from '../src/protocol/index.js'
import { VERSION } from '../src/version.js'
import { Channels } from './channels.js'
import type { Clock } from './clock.js'
import { Connection, type OpenSocket } from './connection.js'
import { Consumer } from './consumer.js'
import { decode } from './decode.js'
import { Groups } from './groups.js'
import { History } from './history.js'
import { Journal } from './journal.js'
import { Session, type Effect } from './session.js'
import type { Store } from './store.js'
import { Tokens, type TokenHolder } from './tokens.js'

/** What a hub needs from around it. */
export interface HubContext {
  readonly baseUrl: string
  readonly options: ConnectionOptions
  readonly storage: StorageOptions
  /** The id of this run. */
  readonly instance: string
  readonly store: Store
  readonly clock: Clock
  readonly random: () => number
  /** See `JournalContext`. */
  readonly commitPauseMs: number
  /** Another way to a socket than the browser's own. */
  readonly openSocket?: OpenSocket
  /** Another run has taken the journal over: this hub has nothing to say any more. */
  readonly superseded: () => void
  /** The hub takes no more tabs. */
  readonly stopping: () => void
  /** The hub has let go of everything, and a new one may begin. */
  readonly stopped: () => void
}

/** A tab that is attached. */
export interface Tab {
  readonly consumer: Consumer
  readonly holder: TokenHolder
  /** Counts the tabs of this run. */
  readonly number: number
  readonly since: number
  /** When the batch was sent that it has not acknowledged; null: there is none. */
  waitingSince: number | null
  readonly port: TabPort
  /** The journal has lost what this tab had read. */
  readonly hasLost: boolean
}

/** How often the session hears of the time while a resync is out, in milliseconds. */
const TICK_MS = 1_000
/** The cursor moves with every event; tabs hear of it this often, in milliseconds. */
const PROGRESS_MS = 100

/** See the head of this file. */
export class Hub {
  readonly #context: HubContext
  readonly #tabs = new Set<Tab>()
  readonly #channels = new Channels<Tab>()
  readonly #tokens: Tokens
  readonly #journal: Journal
  readonly #groups: Groups
  readonly #connection: Connection
  readonly #history = new History()
  #session: Session | null = null
  #stopped = false
  #movedTo: WorkerAddress | null = null
  #loggingOut: Promise<null> | null = null
  #dropped = 0
  /** How many tabs have ever been attached. */
  #attached = 0
  #lastResync: HubStatus['lastResync'] = null
  #cancelLinger: () => void = () => undefined
  /** When tabs were last told of the cursor, in milliseconds since 1970. */
  #progressAt = 0
  #cancelProgress: () => void = () => undefined
  #ticking = false

  constructor(context: HubContext) {
    const { baseUrl, options, storage, instance, store, clock, random, commitPauseMs, openSocket } = context
    this.#context = context
    this.#tokens = new Tokens(clock)
    this.#journal = new Journal({
      store,
      options: storage,
      clock,
      instance,
      commitPauseMs,
      superseded: context.superseded,
      changed: () => this.#committed(),
      needed: () => this.#slowest(),
    })
    this.#groups = new Groups(this.#journal, clock)
    this.#connection = new Connection({
      baseUrl,
      options,
      clock,
      random,
      openSocket,
      token: () => this.#tokens.ask(),
      opened: () => this.#opened(),
      message: (data) => this.#received(data),
      closed: () => this.#session?.closed(),
      ended: (ending) => this.#history.ended(ending),
      notice: (notice) => this.#noticed(notice),
    })
  }

  /** The id of this run. */
  get instance(): string {
    return this.#context.instance
  }

  /** Where the agent has gone to, if it has given way. */
  get movedTo(): WorkerAddress | null {
    return this.#movedTo
  }

  /** Is this tab attached, as far as the hub has not ended? */
  has(tab: Tab): boolean {
    return this.#tabs.has(tab)
  }

  /** It takes no more tabs. */
  get isStopped(): boolean {
    return this.#stopped
  }

  /** Reads the journal and connects. Tabs can attach when it is done. */
  async start(): Promise<void> {
    await this.#journal.load()
    if (this.#stopped) return
    const { resyncMarginMs } = this.#context.options
    this.#session = new Session(this.#journal.cursor, this.#journal.traces, { resyncMarginMs })
    if (this.#journal.hasPast) this.#session.notePast()
    this.#connection.connect()
    this.#lingerIfAlone()
  }

  // ── the way of an event ──────────────────────────────────────────────────────────────────────────────────

  #received(data: unknown): void {
    const decoded = decode(data)
    if (decoded.ok) return this.#perform(this.#session?.frame(decoded.frame, this.#now()))
    this.#dropped += 1
    this.#history.dropped(decoded.problem, decoded.seq, this.#now())
    if (decoded.seq !== null) this.#session?.refused(decoded.seq)
    this.#tell({ type: 'error', error: { code: 'invalid_frame', message: decoded.problem } })
  }

  #perform(effects: readonly Effect[] = []): void {
    for (const effect of effects) {
      if (effect.do === 'send') this.#connection.send(effect.frame)
      else this.#append(effect)
      if (effect.do === 'append' && effect.resynced) {
        this.#lastResync = { at: this.#now(), ...effect.resynced }
        this.#statusChanged()
      }
    }
    if (!this.#ticking) this.#tick()
  }

  #append({ entries, cursor }: Extract<Effect, { do: 'append' }>): void {
    this.#journal.append(entries, cursor)
    const last = entries.at(-1)
    // The client's own word is the last of what is appended with it, and `resyncedEntry` has written it.
    if (last?.notice) this.#history.resynced(JSON.parse(last.text) as ResyncedWire, this.#now())
  }

  /** Entries are in the journal: everybody reads on. */
  #committed(): void {
    this.#history.reached(this.#journal.range.last, this.#now())
    this.#progressed()
    for (const { consumer } of this.#tabs) consumer.wake()
    this.#groups.wake()
  }

  // ── the connection ───────────────────────────────────────────────────────────────────────────────────────

  #opened(): void {
    const channels = this.#channels.all()
    if (channels.length > 0) this.#connection.send({ type: 'subscribe', channels })
    this.#perform(this.#session?.opened(this.#now()))
  }

  /** The session has no clock: while it waits for an answer, it hears of the time from here. */
  #tick(): void {
    this.#ticking = this.#session?.resyncing ?? false
    if (!this.#ticking) return
    this.#context.clock.after(TICK_MS, () => {
      this.#perform(this.#session?.tick(TICK_MS, this.#now()))
      this.#tick()
    })
  }

  /** The browser says that the network is back. It is often wrong, so this is a hint and no more. */
  online(): void {
    this.#connection.hurry()
  }

  // ── tabs ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Lets a tab read the journal from where it was, or from where it asks to start. */
  attach(hello: Hello, port: TabPort): { tab: Tab; position: Position } {
    this.#cancelLinger()
    const position = hello.position ?? this.#startOf(hello)
    if (position.instance !== this.instance) this.#session?.notePast()
    // Looked up once: each look at a port's method makes a proxy, and one that the garbage collector has to watch.
    const { deliver } = port
    const consumer = new Consumer({
      journal: this.#journal,
      position,
      deliver: async (batch) => {
        tab.waitingSince = this.#now()
        if (batch.gap) this.#history.gap(batch.gap, tab.number, tab.waitingSince)
        await deliver(batch)
        tab.waitingSince = null
      },
      status: () => this.status(),
      failed: () => this.detach(tab),
    })
    const hasLost = this.#journal.locate(position).gap !== null
    const tab: Tab = {
      consumer,
      holder: { token: () => port.token() },
      number: (this.#attached += 1),
      since: this.#now(),
      waitingSince: null,
      port,
      hasLost,
    }
    this.#tabs.add(tab)
    this.#tokens.add(tab.holder)
    this.setChannels(tab, hello.channels)
    if (this.#connection.state === 'connected') consumer.tell({ type: 'open' })
    // The hub has given up; whoever comes now may have another token, or more luck.
    if (this.#connection.state === 'disconnected') this.#connection.connect()
    this.#checkOptions(hello, consumer)
    this.#statusChanged()
    return { tab, position }
  }

  /** The tab is gone, or goes. Safe to call twice. */
  detach(tab: Tab): void {
    if (!this.#tabs.delete(tab)) return
    tab.consumer.close()
    this.#tokens.remove(tab.holder)
    this.#groups.remove(tab)
    this.setChannels(tab, [])
    this.#statusChanged()
    this.#lingerIfAlone()
  }

  /** Without a tab the hub goes on for a while: the next one may be a reload away. */
  #lingerIfAlone(): void {
    if (this.#tabs.size > 0 || this.#stopped) return
    this.#cancelLinger()
    this.#cancelLinger = this.#context.clock.after(this.#context.options.lingerMs, () => this.stop())
  }

  setChannels(tab: Tab, channels: readonly string[]): void {
    const { added, removed } = this.#channels.set(tab, channels)
    if (added.length > 0) this.#connection.send({ type: 'subscribe', channels: added })
    if (removed.length > 0) this.#connection.send({ type: 'unsubscribe', channels: removed })
    if (added.length + removed.length > 0) this.#statusChanged()
  }

  /** @throws {TabmuxError} `limit_exceeded` */
  setGroups(tab: Tab, groups: readonly Membership[], view: PageView): void {
    if (!this.#tabs.has(tab)) return
    const { hasLost, port } = tab
    // Looked up once, as above.
    const { act } = port
    this.#groups.set(tab, groups, { act: async (turn) => act(turn), view, hasLost })
  }

  /** Sends a tab's frame, or says why not. */
  send(frame: ClientEvent | { readonly type: string }): BridgeError | null {
    if (this.#connection.send(frame)) return null
    const { state } = this.#connection
    return encodeError(new TabmuxError('not_connected', `expected an open socket, got one that is ${state}`))
  }

  /** The newest events, without the client's own notices. */
  history(limit: number): readonly DeliveredEntry[] {
    return this.#journal.newest(limit, ({ notice }) => !notice)
  }

  /** Connects now: a person or the app asks for it. */
  reconnect(): void {
    const wasOpen = this.#connection.state === 'connected'
    this.#session?.closed()
    this.#connection.connect()
    if (wasOpen) this.#noticed({ type: 'close' })
    this.#statusChanged()
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Closes the socket and the journal. Nothing is lost: what the relay sends now is asked for next time. */
  stop(): void {
    if (this.#stopped) return
    const released = this.#release()
    this.#journal.close()
    void released.then(this.#context.stopped)
  }

  /** Gives way to another worker, which asks for the agent, and tells the tabs where to go. */
  moveTo(to: WorkerAddress): void {
    if (this.#stopped) return
    this.#movedTo = to
    const released = this.#release()
    for (const { consumer } of this.#tabs) consumer.tell({ type: 'moved', to })
    this.#journal.close()
    void released.then(this.#context.stopped)
  }

  /** Ends it for all tabs and wipes what is stored. Answers why not, if it has ended otherwise. */
  async logout(): Promise<BridgeError | null> {
    if (!this.#stopped) this.#loggingOut = this.#endForAll()
    const ended = new TabmuxError('closed', 'expected a hub that runs, got one that has given way to another')
    return this.#loggingOut ?? encodeError(ended)
  }

  async #endForAll(): Promise<null> {
    const released = this.#release()
    await this.#journal.destroy().catch(() => undefined)
    for (const { consumer } of this.#tabs) consumer.tell({ type: 'logged_out' })
    void released.then(this.#context.stopped)
    return null
  }

  /** Resolves when the socket is closed, also for the relay. */
  #release(): Promise<void> {
    this.#stopped = true
    this.#context.stopping()
    this.#cancelLinger()
    this.#cancelProgress()
    this.#groups.close()
    this.#session?.closed()
    return this.#connection.close()
  }

  // ── status ───────────────────────────────────────────────────────────────────────────────────────────────

  /** The hub as its tabs see it. */
  status(): HubStatus {
    return {
      // To its tabs nothing has closed: they wait for the other worker's hub.
      state: this.#movedTo ? 'starting' : this.#connection.state,
      attempt: this.#connection.attempt,
      agentSeq: this.#session?.cursor?.seq ?? null,
      resyncing: this.#session?.resyncing ?? false,
      tabs: this.#tabs.size,
      persistence: this.#journal.persistence,
      host: 'shared-worker',
      instance: this.#context.instance,
      journal: this.#journal.range,
      lastResync: this.#lastResync,
      channels: this.#channels.all(),
      dropped: this.#dropped,
    }
  }

  /** All that there is to see, for this tab. */
  inspect(asking: Tab): RelayReport {
    const { last } = this.#journal.range
    const now = this.#now()
    return {
      at: now,
      version: VERSION,
      status: this.status(),
      cursor: this.#session?.cursor ?? null,
      tabs: [...this.#tabs].map((tab) => {
        const { instance, offset } = tab.consumer.position
        // The offset of an earlier run is no place among those of this one.
        const hasRead = instance === this.instance
        return {
          tab: tab.number,
          isThis: tab === asking,
          since: tab.since,
          offset: hasRead ? offset : null,
          lag: hasRead ? last - offset : null,
          waitingSince: tab.waitingSince,
        }
      }),
      storage: this.#context.storage,
      journalBytes: this.#journal.size,
      oldestAt: this.#journal.oldestAt,
      ...this.#history.report(now),
    }
  }

  /** Something has happened to the connection. */
  #noticed(notice: Notice): void {
    this.#history.noticed(notice, this.#now())
    this.#tell(notice)
  }

  #tell(notice: Notice): void {
    for (const { consumer } of this.#tabs) consumer.tell(notice)
    this.#statusChanged()
  }

  #statusChanged(): void {
    for (const { consumer } of this.#tabs) consumer.statusChanged()
  }

  /** The cursor has moved: in a stream tabs hear of it with what they get anyway, and at its end by itself. */
  #progressed(): void {
    this.#cancelProgress()
    const now = this.#now()
    if (Math.abs(now - this.#progressAt) < PROGRESS_MS) {
      this.#cancelProgress = this.#context.clock.after(PROGRESS_MS, () => this.#statusChanged())
      return
    }
    this.#progressAt = now
    for (const { consumer } of this.#tabs) consumer.statusMoved()
  }

  #now(): number {
    return this.#context.clock.now()
  }

  #startOf({ from }: Hello): Position {
    if (from === 'now') return this.#journal.positionBefore(0)
    return this.#journal.positionBefore(from === 'journal' ? Number.POSITIVE_INFINITY : from.last)
  }

  /** The oldest offset that a tab or a group still has to read. */
  #slowest(): number {
    let slowest = Number.POSITIVE_INFINITY
    for (const { consumer } of this.#tabs) slowest = Math.min(slowest, consumer.position.offset)
    for (const { offset } of this.#groups.positions) slowest = Math.min(slowest, offset)
    return slowest
  }

  #checkOptions({ baseUrl, connection, storage }: Hello, consumer: Consumer): void {
    const running = { baseUrl: this.#context.baseUrl, ...this.#context.options, ...this.#context.storage }
    const asked = { baseUrl, ...connection, ...storage }
    const different = (Object.keys(running) as (keyof typeof running)[]).filter(
      (key) => running[key] !== asked[key],
    )
    if (different.length === 0) return
    const listed = different.map((key) => `${key} is ${running[key]}, this tab has ${asked[key]}`)
    const message = `the hub keeps the options of the first tab: ${listed.join('; ')}`
    consumer.tell({ type: 'error', error: { code: 'options_differ', message } })
  }
}
