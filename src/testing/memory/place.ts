/**
 * A tab's place at a hub of the same process: what `src/attachment.ts` is in a page, without port, locks, worker and
 * `sessionStorage`. A batch is handled as there.
 */
import type { Hub, Tab } from '../../../worker/hub.js'
import { Attachment, type Listener } from '../../attachment.js'
import type { Batch, ClientFrame, DeliveredEntry, Hello, Position, RelayReport, Turn } from '../../bridge.js'
import type { Place } from '../../client.js'
import { Counts } from '../../counts.js'
import { handle } from '../../delivery.js'
import { decodeError } from '../../errors.js'
import type { RelayStatus } from '../../events.js'
import { Memberships } from '../../memberships.js'
import type { CheckedOptions } from '../../options.js'

/** Gives the hub that runs now, or starts one. */
export type FindHub = (hello: Hello) => Promise<Hub>

interface AtHub {
  readonly hub: Hub
  readonly tab: Tab
}

/** See the head of this file. */
export class LocalPlace implements Place {
  readonly #identity: string
  readonly #options: CheckedOptions
  readonly #findHub: FindHub
  readonly #listeners = new Set<Listener>()
  readonly #channels = new Counts()
  readonly #memberships = new Memberships(() => this.#setGroups())
  #status: RelayStatus = Attachment.initialStatus
  #position: Position | null = null
  /** Counts the times that this tab was attached: what is delivered to an earlier one is not handled. */
  #times = 0
  #at: Promise<AtHub> | null = null

  constructor(identity: string, options: CheckedOptions, findHub: FindHub) {
    this.#identity = identity
    this.#options = options
    this.#findHub = findHub
  }

  get status(): RelayStatus {
    return this.#status
  }

  join(listener: Listener): void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#at = this.#attach()
  }

  part(listener: Listener): boolean {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return false
    this.#times += 1
    void this.#at?.then(({ hub, tab }) => hub.detach(tab))
    this.#at = null
    return true
  }

  want(channels: readonly string[], by: 1 | -1): void {
    for (const channel of channels) this.#channels.add(channel, by)
    void this.#at?.then(({ hub, tab }) => hub.setChannels(tab, this.#channels.names))
  }

  enter(group: string, by: 1 | -1): void {
    this.#memberships.enter(group, by)
  }

  #setGroups(): void {
    void this.#at?.then(({ hub, tab }) => hub.setGroups(tab, this.#memberships.current, 'visible'))
  }

  async send(frame: ClientFrame): Promise<void> {
    const error = (await this.#here()).hub.send(frame)
    if (error) throw decodeError(error)
  }

  async history(limit: number): Promise<readonly DeliveredEntry[]> {
    return (await this.#here()).hub.history(limit)
  }

  async inspect(): Promise<RelayReport> {
    const { hub, tab } = await this.#here()
    return hub.inspect(tab)
  }

  async reconnect(): Promise<void> {
    const { hub } = await this.#here()
    hub.reconnect()
  }

  async logout(): Promise<void> {
    const error = await (await this.#here()).hub.logout()
    if (error) throw decodeError(error)
    this.#position = null
  }

  #here(): Promise<AtHub> {
    return (this.#at ??= this.#attach())
  }

  async #attach(): Promise<AtHub> {
    const { baseUrl, connection, storage, from, token } = this.#options
    const mine = ++this.#times
    const hello = {
      baseUrl,
      identity: this.#identity,
      connection,
      storage,
      position: this.#position,
      from,
      channels: this.#channels.names,
    }
    const hub = await this.#findHub(hello)
    const deliver = async (batch: Batch): Promise<void> => {
      // Over a port it would come in a task of its own, and never into the middle of another handler.
      await Promise.resolve()
      if (mine === this.#times) this.#deliver(batch, () => mine === this.#times)
      else await new Promise(() => undefined)
    }
    // Its time is the test's, and no page is frozen here.
    const act = (turn: Turn): Promise<number> =>
      this.#memberships.act({ ...turn, until: Number.POSITIVE_INFINITY }, [...this.#listeners])
    const { tab, position } = hub.attach(hello, { deliver, act, token })
    if (this.#memberships.current.length > 0) hub.setGroups(tab, this.#memberships.current, 'visible')
    this.#position ??= position
    return { hub, tab }
  }

  #deliver(batch: Batch, isCurrent: () => boolean): void {
    const { status, notices } = batch
    if (status) this.#setStatus({ ...status, position: this.#position })
    const listeners = [...this.#listeners]
    this.#position = handle(batch, listeners, this.#position, isCurrent) ?? this.#position
    if (!isCurrent()) return
    for (const { type } of notices) if (type === 'logged_out') this.#loggedOut(listeners)
  }

  #loggedOut(listeners: readonly Listener[]): void {
    for (const listener of listeners) listener.loggedOut()
    this.#position = null
  }

  #setStatus(status: RelayStatus): void {
    this.#status = Object.freeze(status)
    for (const listener of this.#listeners) listener.status(this.#status)
  }
}
