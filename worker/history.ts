/** What has happened to a hub lately, for whoever inspects it: a few short lists and counts by the second. Pure. */
import type { Batch, DroppedFrame, Notice, RelayReport, ResyncRecord, SocketChange } from '../src/bridge.js'
import type { ResyncedWire } from '../src/protocol/index.js'

/** How many of each are kept. */
const SOCKETS = 50
const RESYNCS = 20
const DROPPED = 50
/** How many seconds are counted. */
const SECONDS = 60

/** How a socket, or an attempt to open one, has ended. */
export type Ending = Pick<SocketChange, 'code' | 'reason'>

/** Adds to a list of bounded length. */
const keep = <T>(list: T[], item: T, most: number): void => {
  if (list.push(item) > most) list.shift()
}

/** See the head of this file. Times are in milliseconds since 1970. */
export class History {
  readonly #sockets: SocketChange[] = []
  readonly #resyncs: ResyncRecord[] = []
  readonly #dropped: DroppedFrame[] = []
  /** How the last socket ended, until the notice of it comes. */
  #ending: Ending = {}
  /** Entries by the second, that under way last. */
  #rates: number[] = []
  #second = 0
  /** The offset up to which entries were counted; null before the journal has been read, which is no rate. */
  #counted: number | null = null

  /** A socket, or an attempt to open one, has ended. A notice follows. */
  ended(ending: Ending): void {
    this.#ending = ending
  }

  /** What the tabs are told of the connection. Of an error only its code is kept: its text may quote the app's. */
  noticed(notice: Notice, at: number): void {
    const said = 'error' in notice ? { type: notice.type, error: notice.error.code } : notice
    keep(this.#sockets, { at, ...said, ...this.#ending }, SOCKETS)
    this.#ending = {}
  }

  /** The relay's answer is complete, or it cannot be: the frame that says so. */
  resynced(wire: ResyncedWire, at: number): void {
    const { replayed, gap_detected: gapDetected, source, cause = null } = wire
    keep(this.#resyncs, { at, replayed, gapDetected, source, cause, tab: null }, RESYNCS)
  }

  /** A tab is told that the journal lacks something. */
  gap(cause: NonNullable<Batch['gap']>, tab: number, at: number): void {
    keep(this.#resyncs, { at, replayed: 0, gapDetected: true, source: 'journal', cause, tab }, RESYNCS)
  }

  /** A frame was refused. */
  dropped(reason: string, seq: number | null, at: number): void {
    keep(this.#dropped, { at, reason, seq }, DROPPED)
  }

  /** Entries up to this offset can be read: one call a group of them. */
  reached(offset: number, now: number): void {
    this.#passTo(now)
    const count = offset - (this.#counted ?? offset)
    this.#counted = offset
    this.#rates[SECONDS - 1] = (this.#rates[SECONDS - 1] ?? 0) + count
  }

  /** Begins the seconds since the last one. After a minute, or if the clock was set back, that is all of them. */
  #passTo(now: number): void {
    const second = Math.floor(now / 1_000)
    const passed = second - this.#second
    if (passed === 0) return
    const stays = passed > 0 ? this.#rates.slice(passed) : []
    this.#second = second
    this.#rates = [...stays, ...Array.from({ length: SECONDS - stays.length }, () => 0)]
  }

  /** All of it. The lists are its own: they are to be sent, not kept. */
  report(now: number): Pick<RelayReport, 'sockets' | 'resyncs' | 'dropped' | 'rates'> {
    this.#passTo(now)
    return { sockets: this.#sockets, resyncs: this.#resyncs, dropped: this.#dropped, rates: this.#rates }
  }
}
