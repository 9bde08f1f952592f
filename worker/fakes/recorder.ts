/** A session and what it has done, for tests. */
import type { ClientEvent } from '../../src/protocol/index.js'
import type { Frame } from '../decode.js'
import type { Cursor } from '../cursor.js'
import type { NewEntry } from '../entry.js'
import { Session, type Effect, type SessionOptions } from '../session.js'
import { message } from './frames.js'

/** What an entry is called in a test: the name of its message, its agent or itself, or what a `resynced` says. */
const nameOf = ({ text }: NewEntry): string => {
  const wire = JSON.parse(text)
  if (wire.type === 'resynced') return wire.gap_detected ? `resynced, gap: ${wire.cause}` : 'resynced'
  if (wire.type === 'message.reacted') return `${wire.action ?? 'added'} ${wire.message_id}`
  return wire.message?.text ?? wire.agent?.name ?? wire.name
}

/** Drives a session and writes down what comes out. */
export class Recorder {
  session: Session
  readonly entries: NewEntry[] = []
  readonly sent: ClientEvent[] = []
  cursor: Cursor | null = null
  now = Date.UTC(2026, 0, 1, 12)
  readonly #options: SessionOptions

  constructor(options: SessionOptions = {}) {
    this.#options = options
    this.session = new Session(null, [], options)
  }

  get names(): string[] {
    return this.entries.map(nameOf)
  }

  get resyncs(): number[] {
    return this.sent.flatMap((frame) => (frame.type === 'resync' ? [frame.last_seen_seq] : []))
  }

  open(): void {
    this.#perform(this.session.opened(this.now))
  }

  close(): void {
    this.session.closed()
  }

  receive(...frames: readonly Frame[]): void {
    for (const frame of frames) this.#perform(this.session.frame(frame, this.now))
  }

  tick(ms: number): void {
    this.now += ms
    this.#perform(this.session.tick(ms, this.now))
  }

  /** The worker dies, and the next one goes on from what was stored. */
  crash(): void {
    this.session = new Session(this.cursor, this.entries, this.#options)
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.do === 'send') this.sent.push(effect.frame)
      else {
        this.entries.push(...effect.entries)
        this.cursor = effect.cursor
      }
    }
  }
}

/** A session that has got the messages `m1` to `m<last>`, and whose socket has died. */
export const disconnectedAfter = (
  last: number,
  options: SessionOptions = {},
  more: object = {},
): Recorder => {
  const recorder = new Recorder(options)
  recorder.open()
  for (let seq = 1; seq <= last; seq++) recorder.receive(messageAt(seq, more))
  recorder.close()
  recorder.entries.length = 0
  recorder.sent.length = 0
  return recorder
}

/** The live message `m<seq>`. */
export const messageAt = (seq: number, more: object = {}): Frame =>
  message(`m${seq}`, { agent_seq: seq, ...more })
