/**
 * The protocol: what to ask the relay for, what is new, in which order it goes into the journal, and when the
 * resume cursor moves. `PROTOCOL.md`, "Resync". Pure: no socket, no store, no clock. What happened goes in, with
 * the time it happened at; what is to be done comes out.
 */
import type { ClientEvent, GapCause, ResyncedWire } from '../src/protocol/index.js'
import type { AckFrame, EventFrame, Frame, PongFrame } from './decode.js'
import { Dedupe, type Trace } from './dedupe.js'
import { inOrder, withoutForgotten, type Held } from './replay.js'

/** Where to resume: everything up to here is in the journal, or was told to be missing. Stored with the entries. */
export interface Cursor {
  /** The highest `agent_seq` received. */
  readonly seq: number
  readonly epoch: string | null
  /** Counts the relay's counters: an `agent_seq` says something only within its era. */
  readonly era: number
  /** When the event at the cursor was made, in milliseconds since 1970. */
  readonly at: number
  /** `at` is the relay's own time, and not this machine's. */
  readonly exact: boolean
}

/** An entry on its way into the journal. */
export interface NewEntry extends Trace {
  readonly text: string
  readonly replayed: boolean
  /** It is the client's own word and no event of the agent. */
  readonly notice: boolean
}

/** What the session wants done. */
export type Effect =
  | { readonly do: 'send'; readonly frame: ClientEvent }
  | {
      readonly do: 'append'
      readonly entries: readonly NewEntry[]
      readonly cursor: Cursor | null
      /** Present if this is the end of a resync. */
      readonly resynced?: { readonly replayed: number; readonly gapDetected: boolean }
    }

/** What a session may be told otherwise. Times are in milliseconds. */
export interface SessionOptions {
  /** How far before the cursor a database replay starts if the relay gives no times. @default 60_000 */
  readonly resyncMarginMs?: number
  /** How many events are held at most while a resync is out. @default 5_000 */
  readonly maxHeld?: number
  /** How long the relay may take to answer a resync. @default 30_000 */
  readonly maxHoldMs?: number
}

/** A resync that is out. */
interface Resync {
  /** Its `last_seen_seq`. */
  readonly asked: number
  /** It asks again from 0, after a counter reset. */
  readonly fromStart: boolean
  readonly since: number
  /** The relay says that it has sent everything up to here. */
  readonly target: number
  /** The numbers that have come, known or not. */
  readonly received: Set<number>
  /** The highest of them. */
  highest: number
  /** An unknown event came with a seq that the cursor has passed: the counter has started again. */
  counterIsLower: boolean
}

type Phase = 'closed' | 'live' | 'resyncing' | 'draining'

/** `since` is cut down to whole seconds by the relay, and rows of the same moment may be numbered in any order. */
const EXACT_MARGIN_MS = 2_000
/** A database replay brings 1,000 rows of a kind, oldest first: what is asked for twice must leave room for the rest. */
const MAX_REPEATED = 500
/** How many single sequence numbers are kept in mind: skipped ones that may yet come, and refused ones. */
const MAX_NOTED = 1_000

const START: Cursor = { seq: 0, epoch: null, era: 0, at: 0, exact: false }

/** The content is part of it: after a reset that nothing else shows, the same number is another event. */
const seqKey = (era: number, seq: number, content: string | null): string => `#${era}:${seq}:${content}`

const keysOf = ({ type, id, seq, content, undoes, database }: EventFrame, era: number): string[] => {
  if (id !== null) return [`${type}:${id}`]
  return [
    ...(seq === null ? [] : [seqKey(era, seq, content)]),
    ...(undoes !== null || database ? [`=${content}`] : []),
    ...(database ? [`~${content}`] : []),
  ]
}

/** The client's own word, in the journal like an event. */
const resyncedEntry = (replayed: number, cause: GapCause | null, at: number): NewEntry => {
  const wire: ResyncedWire = {
    type: 'resynced',
    replayed,
    gap_detected: cause !== null,
    source: 'relay',
    ...(cause && { cause }),
  }
  return { text: JSON.stringify(wire), replayed: false, notice: true, keys: [], forgets: [], at }
}

const note = (set: Set<number>, seq: number): void => {
  if (set.size < MAX_NOTED) set.add(seq)
}

/** One agent's protocol state over any number of sockets. */
export class Session {
  readonly #margin: number
  readonly #maxHeld: number
  readonly #maxHoldMs: number
  readonly #seen: Dedupe
  #cursor: Cursor | null
  #phase: Phase = 'closed'
  #resync: Resync | null = null
  /** Counts the resyncs: what is held keeps the number of the one that it came by. */
  #attempt = 0
  #held: Held[] = []
  /** How long resyncs have been out, over all sockets, since the last one was answered. */
  #heldMs = 0
  #gap: GapCause | null = null
  #replayed = 0
  /** How far the relay's clock is ahead of this machine's. */
  #clockOffset = 0
  /** Numbers that the relay skipped and a resync did not bring: late is not a reset. */
  readonly #missing = new Set<number>()
  /** Numbers of frames that were refused: they came, so they are no hole. */
  readonly #refused = new Set<number>()

  constructor(cursor: Cursor | null, traces: Iterable<Trace>, options: SessionOptions = {}) {
    const { resyncMarginMs = 60_000, maxHeld = 5_000, maxHoldMs = 30_000 } = options
    this.#cursor = cursor
    this.#seen = new Dedupe(undefined, traces)
    this.#margin = resyncMarginMs
    this.#maxHeld = maxHeld
    this.#maxHoldMs = maxHoldMs
  }

  get cursor(): Cursor | null {
    return this.#cursor
  }

  get resyncing(): boolean {
    return this.#resync !== null
  }

  /** The socket is open and the subscriptions are sent. */
  opened(): Effect[] {
    if (this.#cursor) return this.#ask(this.#cursor.seq)
    this.#phase = 'live'
    // Where the relay answers with `sent_seq`, a client that has seen no event yet has a cursor all the same.
    return [{ do: 'send', frame: { type: 'ping' } }]
  }

  /** The socket is gone. What is held stays held: the cursor has not moved, so the next resync asks for it again. */
  closed(): void {
    this.#phase = 'closed'
    this.#resync = null
  }

  /** A frame came, at `now`. */
  frame(frame: Frame, now: number): Effect[] {
    if (this.#phase === 'closed') return []
    if (frame.kind === 'event') return this.#event(frame, now)
    if (frame.serverTime !== null) this.#clockOffset = frame.serverTime - now
    return frame.kind === 'ack' ? this.#ack(frame, now) : this.#pong(frame, now)
  }

  /** A frame with this `agent_seq` came and was refused. It moves nothing, and it leaves no hole. */
  refused(seq: number): void {
    note(this.#refused, seq)
  }

  /** `elapsedMs` have passed. Ends the wait for a relay that does not finish its answer. */
  tick(elapsedMs: number, now: number): Effect[] {
    if (this.#phase !== 'resyncing') return []
    this.#heldMs += elapsedMs
    return this.#heldMs > this.#maxHoldMs ? this.#giveUpHolding(now) : []
  }

  // ── events ───────────────────────────────────────────────────────────────────────────────────────────────

  #event(event: EventFrame, now: number): Effect[] {
    if (this.#phase === 'resyncing') return this.#hold(event, now)
    const cursor = this.#cursor
    const { seq } = event
    if (seq === null || cursor === null) return this.#accept(event, now)
    if (this.#phase === 'draining') return this.#drain(event, cursor.seq, seq, now)
    if (this.#otherEpoch(event.epoch)) return this.#restart(event.epoch, event, now)
    if (seq > cursor.seq) {
      if (this.#hasHole(cursor.seq, seq)) return [...this.#ask(cursor.seq), ...this.#hold(event, now)]
      return this.#accept(event, now)
    }
    if (this.#isKnown(event)) return []
    if (this.#missing.delete(seq)) return this.#accept(event, now)
    return this.#restart(event.epoch, event, now)
  }

  /** Takes a live event: into the journal if it is new, and the cursor after it. */
  #accept(event: EventFrame, now: number): Effect[] {
    const known = this.#isKnown(event)
    const moved = this.#advance(event, now)
    const { cursor } = this
    if (known) return moved ? this.#append([], cursor) : []
    return this.#append([this.#entry(event, cursor?.era ?? 0, now, event.database)], cursor)
  }

  /** Moves the cursor to a live event, if that is ahead. */
  #advance(event: EventFrame, now: number): boolean {
    if (event.seq === null || (this.#cursor && event.seq <= this.#cursor.seq)) return false
    this.#cursor = {
      seq: event.seq,
      epoch: event.epoch ?? this.#cursor?.epoch ?? null,
      era: this.#cursor?.era ?? 0,
      at: this.#timeOf(event, now),
      exact: event.createdAt !== null,
    }
    return true
  }

  /** The relay has not ended its answer, and events are no longer held for it: they go on as they come. */
  #drain(event: EventFrame, last: number, seq: number, now: number): Effect[] {
    if (!this.#hasHole(last, seq)) return this.#accept(event, now)
    this.#skip(last, seq)
    return [...this.#tell('hole', 0, now), ...this.#accept(event, now)]
  }

  // ── resync ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Asks the relay to send again what came after `asked`. */
  #ask(asked: number, options: { fromStart?: boolean; target?: number } = {}): Effect[] {
    const since = this.#since()
    const { fromStart = false, target = 0 } = options
    this.#attempt += 1
    this.#phase = 'resyncing'
    this.#resync = { asked, fromStart, since, target, received: new Set(), highest: 0, counterIsLower: false }
    return [
      { do: 'send', frame: { type: 'resync', last_seen_seq: asked, since: new Date(since).toISOString() } },
    ]
  }

  /** Safely before the cursor in the relay's time, yet not so early that the replay is used up by what is known. */
  #since(): number {
    const { at = 0, exact = false } = this.#cursor ?? {}
    const margin = exact ? EXACT_MARGIN_MS : this.#margin
    const notBefore = this.#seen.timeOf(MAX_REPEATED) ?? Number.NEGATIVE_INFINITY
    return Math.max(0, Math.min(at - EXACT_MARGIN_MS, Math.max(at - margin, notBefore)))
  }

  /** Keeps an event until the resync is answered. Ring replay, database replay and live events come mixed. */
  #hold(event: EventFrame, now: number): Effect[] {
    const resync = this.#resync
    if (!resync) return []
    const known = this.#isKnown(event)
    if (event.seq !== null) {
      resync.received.add(event.seq)
      resync.highest = Math.max(resync.highest, event.seq)
      const passed = event.seq <= resync.asked && !known && !this.#missing.has(event.seq)
      if (passed || this.#otherEpoch(event.epoch)) resync.counterIsLower = true
    }
    // What is known by its id is done. A number may yet turn out to be of another era, and a known row of the
    // database says which rows before it are older than what is remembered: they are kept until the answer.
    if (known && event.id !== null && !event.database) return []
    const era = this.#cursor?.era ?? 0
    this.#held.push({ event, known, era, attempt: this.#attempt, at: this.#timeOf(event, now) })
    return this.#held.length > this.#maxHeld ? this.#giveUpHolding(now) : []
  }

  /** The relay has answered all of the resync. */
  #ack(ack: AckFrame, now: number): Effect[] {
    const resync = this.#resync
    if (!resync) return []
    if (this.#phase === 'draining') {
      this.#phase = 'live'
      this.#resync = null
      return []
    }
    this.#replayed += ack.replayed
    const reset = ack.currentSeq < resync.asked || resync.counterIsLower || this.#otherEpoch(ack.epoch)
    if (reset && !resync.fromStart) {
      this.#newEra(ack.epoch)
      const era = this.#cursor?.era ?? 0
      this.#held = this.#held.map((held) => (held.attempt === this.#attempt ? { ...held, era } : held))
      return this.#ask(0, { fromStart: true })
    }
    if (ack.gapDetected) this.#gap ??= 'ring_exceeded'
    else this.#noteHoles(resync)
    this.#phase = 'live'
    this.#resync = null
    return this.#release(ack.currentSeq, ack.epoch, Math.max(resync.target, resync.highest), now)
  }

  /** Too much or too long: what is held goes on as it is, and the tabs are told that something may be missing. */
  #giveUpHolding(now: number): Effect[] {
    this.#gap ??= 'no_ack'
    this.#phase = 'draining'
    return this.#release(Number.POSITIVE_INFINITY, null, this.#resync?.highest ?? 0, now)
  }

  /** Everything that is held goes into the journal, in order, and then word that it is all. */
  #release(currentSeq: number, epoch: string | null, highest: number, now: number): Effect[] {
    const held = withoutForgotten(this.#held)
    this.#held = []
    this.#heldMs = 0
    const start = this.#cursor ?? START
    // The copy with a number says more than the database's, so it is the one that stays.
    const numbered = held.filter(({ event }) => event.seq !== null)
    const rows = held.filter(({ event }) => event.seq === null)
    const fresh = new Set<Held>()
    const entries = new Map<Held, NewEntry>()
    for (const item of [...numbered, ...rows]) {
      if (this.#isKnown(item.event, item.era)) continue
      const replayed = item.event.seq === null || item.event.seq <= currentSeq
      const entry = this.#entry(item.event, item.era, now, replayed, item.at)
      this.#seen.remember(entry)
      fresh.add(item)
      entries.set(item, entry)
    }
    const ordered = inOrder(held).filter((item) => fresh.has(item))
    const last = numbered.findLast(({ event, era }) => era === start.era && event.seq === highest)
    this.#cursor = {
      ...start,
      seq: Math.max(start.seq, highest),
      epoch: epoch ?? last?.event.epoch ?? start.epoch,
      ...(last && { at: last.at, exact: last.event.createdAt !== null }),
    }
    const released = ordered.flatMap((item) => entries.get(item) ?? [])
    return this.#told(released, now)
  }

  /** The counter has started again. Its events are held and asked for from the start. */
  #restart(epoch: string | null, event: EventFrame | null, now: number): Effect[] {
    this.#newEra(epoch)
    return [...this.#ask(0, { fromStart: true }), ...(event ? this.#hold(event, now) : [])]
  }

  #newEra(epoch: string | null): void {
    const { era, at, exact } = this.#cursor ?? START
    this.#cursor = { seq: 0, epoch, era: era + 1, at, exact }
    this.#gap = 'counter_reset'
    this.#missing.clear()
    this.#refused.clear()
  }

  #pong({ sentSeq, epoch }: PongFrame, now: number): Effect[] {
    if (sentSeq === null || this.#phase !== 'live') return []
    const cursor = this.#cursor
    if (cursor === null) {
      this.#cursor = { seq: sentSeq, epoch, era: 0, at: now + this.#clockOffset, exact: false }
      return this.#append([], this.#cursor)
    }
    if (this.#otherEpoch(epoch) || sentSeq < cursor.seq) return this.#restart(epoch, null, now)
    // The relay has sent what did not come, and nothing came after it to show the hole.
    return sentSeq > cursor.seq ? this.#ask(cursor.seq, { target: sentSeq }) : []
  }

  // ── holes ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Is a number between the two neither refused nor known to be missing? */
  #hasHole(last: number, next: number): boolean {
    for (let seq = last + 1; seq < next; seq++) if (!this.#refused.has(seq)) return true
    return false
  }

  /** After an answer without a gap every number is there; one that is not is lost, or late. */
  #noteHoles({ asked, target, received, highest }: Resync): void {
    for (let seq = asked + 1; seq <= Math.max(target, highest); seq++) {
      if (received.has(seq) || this.#refused.has(seq)) continue
      this.#gap ??= 'hole'
      if (this.#missing.size >= MAX_NOTED) return
      this.#missing.add(seq)
    }
  }

  #skip(last: number, next: number): void {
    for (let seq = last + 1; seq < next && this.#missing.size < MAX_NOTED; seq++) this.#missing.add(seq)
  }

  // ── entries ──────────────────────────────────────────────────────────────────────────────────────────────

  #otherEpoch(epoch: string | null): boolean {
    const known = this.#cursor?.epoch ?? null
    return epoch !== null && known !== null && epoch !== known
  }

  #timeOf(event: EventFrame, now: number): number {
    return event.createdAt ?? now + this.#clockOffset
  }

  /**
   * By id; else by number within its era; else by content. A database replay brings the content without the
   * number (`=`), so a number that comes after it (`~`) for the same content is the same event.
   */
  #isKnown({ type, id, seq, content }: EventFrame, era = this.#cursor?.era ?? 0): boolean {
    if (id !== null) return this.#seen.has(`${type}:${id}`)
    if (seq !== null) return this.#seen.has(seqKey(era, seq, content)) || this.#seen.has(`~${content}`)
    return this.#seen.has(`=${content}`)
  }

  #entry(
    event: EventFrame,
    era: number,
    now: number,
    replayed: boolean,
    at = this.#timeOf(event, now),
  ): NewEntry {
    const { text, undoes } = event
    const forgets = undoes === null ? [] : [`=${undoes}`, `~${undoes}`]
    return { text, replayed, notice: false, keys: keysOf(event, era), forgets, at }
  }

  #append(entries: readonly NewEntry[], cursor: Cursor | null): Effect[] {
    for (const entry of entries) this.#seen.remember(entry)
    return [{ do: 'append', entries, cursor }]
  }

  #tell(cause: GapCause, replayed: number, now: number): Effect[] {
    return this.#append([resyncedEntry(replayed, cause, now)], this.#cursor)
  }

  /** Appends what was released, which is remembered already, and what it amounts to. */
  #told(released: readonly NewEntry[], now: number): Effect[] {
    const entries = [...released, resyncedEntry(this.#replayed, this.#gap, now)]
    const resynced = { replayed: this.#replayed, gapDetected: this.#gap !== null }
    this.#gap = null
    this.#replayed = 0
    return [{ do: 'append', entries, cursor: this.#cursor, resynced }]
  }
}
