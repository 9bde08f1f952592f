/**
 * One tab's reader of the journal. It pulls: while the tab is behind, one batch is on its way to it, and the tab's
 * reply is the acknowledgement. So batches grow when a tab is slow, and a frozen tab costs its position.
 */
import type { Batch, HubStatus, Notice, Position } from '../src/bridge.js'
import type { Journal } from './journal.js'

/** The most entries that one batch carries. */
const MAX_BATCH = 1_024
/** The most notices that are kept for a tab that does not take them; the oldest are dropped first. */
const MAX_NOTICES = 64

/** What a consumer needs from around it. */
export interface ConsumerContext {
  readonly journal: Journal
  readonly position: Position
  readonly deliver: (batch: Batch) => Promise<void>
  readonly status: () => HubStatus
  /** The tab has answered a delivery with an error, which it never does if it is one of ours. */
  readonly failed: (error: unknown) => void
}

/** See the head of this file. */
export class Consumer {
  readonly #context: ConsumerContext
  #position: Position
  #notices: Notice[] = []
  #statusIsNew = true
  #delivering = false
  #closed = false

  constructor(context: ConsumerContext) {
    this.#context = context
    this.#position = context.position
  }

  /** The newest entry that the tab has handled. */
  get position(): Position {
    return this.#position
  }

  /** There may be something to deliver. */
  wake(): void {
    void this.#pump()
  }

  /** Tells the tab something that is not in the journal. */
  tell(notice: Notice): void {
    this.#notices.push(notice)
    if (this.#notices.length > MAX_NOTICES) this.#notices.shift()
    // Whoever is told that the socket has opened finds it open in the status.
    this.statusChanged()
  }

  /** The hub's status has changed; the tab gets the one that there is when its turn comes. */
  statusChanged(): void {
    this.statusMoved()
    this.wake()
  }

  /** The same, where the tab is about to be woken by something else. */
  statusMoved(): void {
    this.#statusIsNew = true
  }

  close(): void {
    this.#closed = true
  }

  async #pump(): Promise<void> {
    if (this.#delivering) return
    this.#delivering = true
    try {
      while (!this.#closed && this.#hasWork()) {
        const batch = this.#batch()
        await this.#context.deliver(batch)
        this.#position = batch.position
      }
    } catch (error) {
      this.close()
      this.#context.failed(error)
    } finally {
      this.#delivering = false
    }
  }

  #hasWork(): boolean {
    return this.#statusIsNew || this.#notices.length > 0 || this.#context.journal.isBehind(this.#position)
  }

  #batch(): Batch {
    const { journal, status } = this.#context
    const reading = journal.read(this.#position, MAX_BATCH)
    const batch = {
      ...reading,
      notices: this.#notices,
      status: this.#statusIsNew ? status() : null,
    }
    this.#notices = []
    this.#statusIsNew = false
    return batch
  }
}
