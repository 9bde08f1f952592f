/** Keeps the newest events of a relay for `useSyncExternalStore`. */
import { TabmuxError, type HistoryEntry, type Relay, type RelayStatus } from '../index.js'
import { Recent } from './recent.js'
import type { RelaySource } from './source.js'

/** Which events, and how many. */
export interface RecentFilter {
  readonly matches: (entry: HistoryEntry) => boolean
  readonly channels: readonly string[]
  readonly limit: number
}

/** Before anything is there, and on a server. */
export const NOTHING: readonly HistoryEntry[] = Object.freeze([])

/** See the head of this file. */
export class RecentStore {
  readonly #source: RelaySource
  readonly #filter: RecentFilter
  readonly #changed = new Set<() => void>()
  #stop: (() => void) | null = null
  #shown = NOTHING
  #isDue = false
  /** Another run of the hub may give the offsets anew: then this begins anew, and what is shown stays meanwhile. */
  #recent: Recent
  #instance: string | null = null

  constructor(source: RelaySource, filter: RecentFilter) {
    this.#source = source
    this.#filter = filter
    this.#recent = new Recent(filter.matches, filter.limit)
  }

  readonly shown = (): readonly HistoryEntry[] => this.#shown

  readonly subscribe = (changed: () => void): (() => void) => {
    // Each call is counted for itself, whatever React passes in.
    const told = () => changed()
    this.#changed.add(told)
    this.#stop ??= this.#start()
    return () => {
      this.#changed.delete(told)
      // StrictMode leaves and comes back in one task.
      queueMicrotask(() => {
        if (this.#changed.size > 0) return
        this.#stop?.()
        this.#stop = null
      })
    }
  }

  #start(): () => void {
    const letGo = this.#source.hold()
    const relay = this.#source.current()
    const undo = [letGo]
    if (relay && relay.status.state !== 'closed') {
      this.#instance = null
      undo.push(
        relay.on.any((event, meta) => {
          // Nobody else's event has `meta`.
          if (meta && this.#recent.came({ event: event as HistoryEntry['event'], meta })) this.#show()
        }),
        relay.on.status((status) => this.#follow(relay, status)),
      )
      const { channels } = this.#filter
      if (channels.length > 0) undo.push(relay.subscribe(channels))
      this.#follow(relay, relay.status)
    }
    return () => {
      for (const step of undo.toReversed()) step()
      // Whatever is still on its way is not for anybody.
      this.#recent = new Recent(this.#filter.matches, this.#filter.limit)
    }
  }

  #follow(relay: Relay, { instance, state }: RelayStatus): void {
    if (instance === this.#instance) return
    this.#instance = instance
    // A tab that attaches is told of the hub before it gets anything of it, so nothing of two runs comes together.
    // Before the worker has answered there is nobody to ask.
    if (instance !== null && state !== 'closed') this.#begin(relay)
  }

  #begin(relay: Relay): void {
    const recent = new Recent(this.#filter.matches, this.#filter.limit)
    this.#recent = recent
    this.#load(relay, recent, this.#filter.limit).catch((error: unknown) => {
      if (!(error instanceof TabmuxError)) reportError(error)
    })
  }

  async #load(relay: Relay, recent: Recent, limit: number): Promise<void> {
    for (let asked: number | null = limit; asked !== null && this.#recent === recent;) {
      const held: readonly HistoryEntry[] | null = await historyOf(relay, asked)
      if (this.#recent !== recent) return
      if (held) asked = recent.loaded(held, asked)
    }
    this.#show()
  }

  /** Soon: a batch brings many events in one task, and one render is enough for all of them. */
  #show(): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      if (!this.#recent.isLoaded) return
      const shown = this.#recent.newest()
      if (shown.length === 0 && this.#shown.length === 0) return
      this.#shown = Object.freeze(shown)
      for (const told of this.#changed) told()
    })
  }
}

/** Null if the worker did not answer in time: ask again. */
const historyOf = async (relay: Relay, limit: number): Promise<readonly HistoryEntry[] | null> => {
  try {
    return await relay.history({ limit })
  } catch (error) {
    if (error instanceof TabmuxError && error.code === 'worker_unresponsive') return null
    throw error
  }
}
