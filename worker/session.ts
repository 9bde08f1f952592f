/**
 * The protocol: what to ask the relay for, what is new, in which order it goes into the journal, and when the
 * resume cursor moves. `PROTOCOL.md`, "Resync". Pure: no socket, no store, no clock. What happened goes in, with
 * the time it happened at; what is to be done comes out.
 */
import type { ClientEvent, GapCause } from '../src/protocol/index.js'
import { MAX_REPEATED, sinceOf, START, type Cursor } from './cursor.js'
import type { AckFrame, EventFrame, Frame, PongFrame } from './decode.js'
import { Dedupe, type Trace } from './dedupe.js'
import { eventEntry, isKnown, resyncedEntry, withNextEra, type NewEntry } from './entry.js'
import { Numbers } from './numbers.js'
import { Holding, inOrder, isNumbered, type Held } from './replay.js'
import { Resync, type Question } from './resync.js'

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

type Phase = 'closed' | 'live' | 'resyncing' | 'draining'

/**
 * How many times the database is asked again from further back, 60 times as far each time: if none of its rows is
 * known, it began after the cursor, because the relay's clock is behind this one's.
 */
const MAX_WIDENINGS = 2
/** A relay whose every answer shows another counter is not followed any further than this. */
const MAX_RESETS = 3
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
  readonly #held = new Holding()
  /** How long resyncs have been out, over all sockets, since the last one was answered. */
  #heldMs = 0
  #gap: GapCause | null = null
  #replayed = 0
  /** What is held came, in part, after its turn: an unknown event with a number that the cursor has passed. */
  #outOfTurn = false
  /** Something of what is held has another epoch than the cursor's. */
  #newEpoch: string | null = null
  /** Events may have come before those that are known here: what is missing of them is told if there is no cursor. */
  #hasPast = false
  /** How far the relay's clock is ahead of this machine's. */
  #clockOffset = 0
  /** Numbers that the relay skipped and a resync did not bring. That was told: if they come late, it is not told again. */
  readonly #missing = new Numbers()
  /** Numbers of frames that were refused: they came, so they are no hole. */
  readonly #refused = new Numbers()

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

  /** Somebody knows events of an earlier run. Without a cursor, what came since then cannot be asked for. */
  notePast(): void {
    this.#hasPast = true
  }

  /** The socket is open and the subscriptions are sent. */
  opened(now: number): Effect[] {
    if (this.#cursor) return this.#ask(this.#cursor.seq)
    this.#phase = 'live'
    const isFirst = !this.#hasPast
    this.#hasPast = true
    // Where the relay answers with `sent_seq`, a client that has seen no event yet has a cursor all the same.
    const ping: Effect = { do: 'send', frame: { type: 'ping' } }
    return isFirst ? [ping] : [ping, ...this.#tell('no_cursor', now)]
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
    if (seq > (this.#cursor?.seq ?? -1)) this.#refused.add(seq)
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
    if (this.#otherEpoch(event.epoch)) return this.#restart(event.epoch, event, now)
    const isDue = seq > cursor.seq || this.#missing.has(seq)
    if (this.#phase === 'draining' && isDue) return this.#drain(event, cursor.seq, seq, now)
    const isNext = seq > cursor.seq && !this.#hasHole(cursor.seq, seq)
    if (isNext) return this.#accept(event, now)
    if (seq <= cursor.seq && this.#isKnown(event)) return []
    // A hole; or a number that the cursor has passed: the counter has started again, or the event is late. The
    // answer to a resync tells which.
    return [...this.#ask(cursor.seq, { known: seq }), ...this.#hold(event, now)]
  }

  /** Takes a live event: into the journal if it is new, and the cursor after it. What is `told` goes with the cursor. */
  #accept(event: EventFrame, now: number, told: readonly NewEntry[] = []): Effect[] {
    const known = this.#isKnown(event)
    const moved = this.#advance(event, now)
    const { cursor } = this
    if (known) return moved ? this.#append(told, cursor) : []
    const entry = eventEntry(event, cursor?.era ?? 0, this.#timeOf(event, now), event.database)
    return this.#append([entry, ...told], cursor)
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
    this.#refused.dropUpTo(event.seq)
    return true
  }

  /** The relay has not ended its answer, and events are no longer held for it: they go on as they come. */
  #drain(event: EventFrame, last: number, seq: number, now: number): Effect[] {
    if (!this.#hasHole(last, seq)) return this.#accept(event, now)
    this.#missing.addRange(last + 1, seq - 1)
    // In one commit: the cursor passes the hole, so after a crash in between nobody would tell of it any more.
    return this.#accept(event, now, [resyncedEntry(0, 'hole', now)])
  }

  // ── resync ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Asks the relay to send again what came after `asked`. */
  #ask(asked: number, question: Partial<Omit<Question, 'asked' | 'since'>> = {}): Effect[] {
    const { resets = 0, target = 0, known = 0, widenings = 0 } = question
    const notBefore = this.#seen.timeOf(MAX_REPEATED)
    const since = sinceOf(this.#cursor ?? START, this.#margin, notBefore, widenings)
    this.#attempt += 1
    this.#phase = 'resyncing'
    this.#resync = new Resync({ asked, since, resets, target, known, widenings })
    return [
      { do: 'send', frame: { type: 'resync', last_seen_seq: asked, since: new Date(since).toISOString() } },
    ]
  }

  /** Keeps an event until the resync is answered. Ring replay, database replay and live events come mixed. */
  #hold(event: EventFrame, now: number): Effect[] {
    const resync = this.#resync
    if (!resync) return []
    const known = this.#isKnown(event)
    if (event.seq !== null) {
      resync.receive(event.seq)
      if (event.seq <= resync.question.asked && !known && !this.#missing.has(event.seq))
        this.#outOfTurn = true
    }
    if (this.#otherEpoch(event.epoch)) this.#newEpoch = event.epoch
    // What is known by its id is done. A number may yet turn out to be of another era, and a known row of the
    // database says which rows before it are older than what is remembered: they are kept until the answer.
    if (known && event.id !== null && !event.database) return []
    const era = this.#cursor?.era ?? 0
    this.#held.add({ event, known, era, attempt: this.#attempt, at: this.#timeOf(event, now) })
    return this.#held.size > this.#maxHeld ? this.#giveUpHolding(now) : []
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
    this.#replayed = Math.max(this.#replayed, ack.replayed)
    const again = this.#askAgain(resync, ack)
    if (again) return again
    if (this.#outOfTurn) this.#gap ??= 'hole'
    if (ack.gapDetected) this.#gap ??= 'ring_exceeded'
    else this.#noteHoles(resync)
    this.#phase = 'live'
    this.#resync = null
    return this.#release(ack.currentSeq, ack.epoch, this.#reached(resync), now)
  }

  /** The answer shows that another question is needed. What is held stays held for it. */
  #askAgain(resync: Resync, ack: AckFrame): Effect[] | null {
    const { asked, since, resets, known, widenings } = resync.question
    const newEpoch = this.#otherEpoch(ack.epoch) ? ack.epoch : this.#newEpoch
    if (resets < MAX_RESETS && (ack.currentSeq < this.#expected(resync) || newEpoch !== null)) {
      const epoch = newEpoch ?? ack.epoch
      this.#newEra(epoch)
      this.#held.renumber(this.#attempt, ack.currentSeq, epoch, this.#cursor?.era ?? 0)
      return this.#ask(0, { resets: resets + 1 })
    }
    if (ack.gapDetected) {
      if (widenings > 0) this.#dropForgotten(widenings)
      const isLate =
        !this.#cursor?.exact && this.#seen.knowsIdsSince(since) && !this.#held.overlaps(this.#attempt)
      return isLate && widenings < MAX_WIDENINGS
        ? this.#ask(asked, { resets, widenings: widenings + 1 })
        : null
    }
    // Something was lost on the way while the answer was: it has not been asked for yet.
    const hole = resync.firstHole(this.#refused)
    return hole !== null && hole > known
      ? this.#ask(hole - 1, { resets, known: this.#reached(resync) })
      : null
  }

  /** The database was asked from further back: if it has not come to what is known, all that it brought is older. */
  #dropForgotten(widenings: number): void {
    // Rows from there on are sure to be within what was asked for this time, unless the clocks differ by all of it.
    const since = sinceOf(this.#cursor ?? START, this.#margin, null, widenings - 1)
    this.#held.dropForgotten(this.#attempt, (type) => this.#seen.knowsIdsSince(since, type))
  }

  /** Too much or too long: what is held goes on as it is, and the tabs are told that something may be missing. */
  #giveUpHolding(now: number): Effect[] {
    this.#gap ??= 'no_ack'
    this.#phase = 'draining'
    const newEpoch = this.#newEpoch
    let highest = this.#resync ? this.#reached(this.#resync) : 0
    if (newEpoch !== null) {
      // The counter has started again, and no answer has told: what came of the new one is of the new era.
      this.#newEra(newEpoch)
      const era = this.#cursor?.era ?? 0
      this.#held.renumber(this.#attempt, Number.POSITIVE_INFINITY, newEpoch, era)
      highest = this.#held.highestBefore(this.#attempt + 1, era)
    }
    return this.#release(Number.POSITIVE_INFINITY, null, highest, now)
  }

  /** What the relay's count cannot be below, unless it has started again: what was asked, or came by earlier sockets. */
  #expected({ question: { asked } }: Resync): number {
    return Math.max(asked, this.#held.highestBefore(this.#attempt, this.#cursor?.era ?? 0))
  }

  /** The highest number that has come, by this socket or an earlier one, or that the relay says it has sent. */
  #reached(resync: Resync): number {
    return Math.max(resync.question.target, resync.highest, this.#expected(resync))
  }

  /** Everything that is held goes into the journal, in order, and then word that it is all. */
  #release(currentSeq: number, epoch: string | null, highest: number, now: number): Effect[] {
    const held = this.#held.take()
    const start = this.#cursor ?? START
    const entries = new Map<Held, NewEntry>()
    // More may be released at once than the dedupe remembers: what was known before is looked up before that, and
    // what is released is remembered apart. A row is new again if what it undoes is among what is released.
    const before = new Set(held.filter(({ event, era }) => isKnown(this.#seen, event, era)))
    const released = new Dedupe(Number.POSITIVE_INFINITY)
    const undone = new Set<string>()
    // The copy with a number says more than the database's, so it is the one that stays.
    for (const item of [...held.filter(isNumbered), ...held.filter((each) => !isNumbered(each))]) {
      const { event, era, at } = item
      const isUndone = event.seq === null && undone.has(`=${event.content}`)
      if ((before.has(item) && !isUndone) || isKnown(released, event, era)) continue
      const mayBeNext = !Number.isFinite(currentSeq) && era === start.era && (event.seq ?? 0) <= start.seq
      const plain = eventEntry(event, era, at, event.seq === null || event.seq <= currentSeq)
      // Without an answer a number that the cursor has passed is late, or of a counter that has started again.
      const entry = mayBeNext ? withNextEra(plain, event, era) : plain
      released.remember(entry)
      for (const key of entry.forgets) undone.add(key)
      entries.set(item, entry)
    }
    const last = held.findLast(({ event, era }) => era === start.era && event.seq === highest)
    this.#cursor = {
      ...start,
      seq: Math.max(start.seq, highest),
      epoch: epoch ?? last?.event.epoch ?? start.epoch,
      ...(last && { at: last.at, exact: last.event.createdAt !== null }),
    }
    this.#refused.dropUpTo(this.#cursor.seq)
    this.#heldMs = 0
    this.#outOfTurn = false
    this.#newEpoch = null
    const ordered = inOrder(held).flatMap((item) => entries.get(item) ?? [])
    // In the journal's order: as a restart remembers them, and the oldest are forgotten first.
    for (const entry of ordered) this.#seen.remember(entry)
    return this.#told(ordered, now)
  }

  /** The counter has started again. Its events are held and asked for from the start. */
  #restart(epoch: string | null, event: EventFrame | null, now: number): Effect[] {
    this.#newEra(epoch)
    return [...this.#ask(0, { resets: 1 }), ...(event ? this.#hold(event, now) : [])]
  }

  #newEra(epoch: string | null): void {
    const { era, at, exact } = this.#cursor ?? START
    this.#cursor = { seq: 0, epoch, era: era + 1, at, exact }
    this.#gap = 'counter_reset'
    this.#outOfTurn = false
    this.#newEpoch = null
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
    if (this.#otherEpoch(epoch)) return this.#restart(epoch, null, now)
    // The relay has sent what did not come, and nothing came after it to show the hole.
    return sentSeq > cursor.seq ? this.#ask(cursor.seq, { target: sentSeq }) : []
  }

  // ── holes ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Is a number between the two neither refused nor known to be missing? */
  #hasHole(last: number, next: number): boolean {
    for (let seq = last + 1; seq < next; seq++) if (!this.#refused.has(seq)) return true
    return false
  }

  #noteHoles(resync: Resync): void {
    let hole = resync.firstHole(this.#refused)
    if (hole !== null) this.#gap ??= 'hole'
    for (let noted = 0; hole !== null && noted < Numbers.CAPACITY; noted++) {
      this.#missing.add(hole)
      hole = resync.firstHole(this.#refused, hole)
    }
  }

  // ── entries ──────────────────────────────────────────────────────────────────────────────────────────────

  #otherEpoch(epoch: string | null): boolean {
    const known = this.#cursor?.epoch ?? null
    return epoch !== null && known !== null && epoch !== known
  }

  #timeOf(event: EventFrame, now: number): number {
    return event.createdAt ?? now + this.#clockOffset
  }

  #isKnown(event: EventFrame): boolean {
    return isKnown(this.#seen, event, this.#cursor?.era ?? 0)
  }

  #append(entries: readonly NewEntry[], cursor: Cursor | null): Effect[] {
    for (const entry of entries) this.#seen.remember(entry)
    return [{ do: 'append', entries, cursor }]
  }

  /** Tells a gap that no resync has shown. */
  #tell(cause: GapCause, now: number): Effect[] {
    return this.#append([resyncedEntry(0, cause, now)], this.#cursor)
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
