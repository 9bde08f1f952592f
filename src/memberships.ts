/**
 * The consumer groups that this page is a member of, and what it does when it has its turn. The hub has the position, and
 * this page remembers one thing beside it: what it has begun last. Where a worker ends before it knows that this was
 * handled, the next one asks for it again, and is answered without a second call of the handlers.
 */
import {
  MAX_GROUP_NAME,
  type DeliveredEntry,
  type Membership,
  type PageView,
  type Position,
  type Turn,
} from './bridge.js'
import { Counts } from './counts.js'
import { describe, TabmuxError } from './errors.js'
import type { GapCause } from './protocol/index.js'

/** Who has handlers. */
export interface Actor {
  /** Calls the handlers that are in a group. Null: there are none. Otherwise it resolves when they are done. */
  readonly act: (group: string, entry: DeliveredEntry) => Promise<unknown> | null
}

interface Begun {
  readonly position: Position
  readonly text: string
  readonly done: Promise<unknown>
}

/** @throws {TabmuxError} `invalid_argument` */
export const checkGroupName = (group: unknown): string => {
  if (typeof group === 'string' && group.length > 0 && group.length <= MAX_GROUP_NAME) return group
  throw new TabmuxError(
    'invalid_argument',
    `on: expected group to be 1 to ${MAX_GROUP_NAME} characters, got ${describe(group)}`,
  )
}

/** Word of a gap in the journal, as the relay would say it. */
export const gapText = (cause: GapCause): string =>
  JSON.stringify({ type: 'resynced', replayed: 0, gap_detected: true, source: 'journal', cause })

/** See the head of this file. */
export class Memberships {
  /** How many handlers of this page are in a group. */
  readonly #counts = new Counts()
  /** Also of groups that the page has left: it may be back before the hub knows. */
  readonly #begun = new Map<string, Begun>()
  readonly #changed: () => void
  #isFrozen = false

  /** @param changed is called when the hub has to be told */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get current(): readonly Membership[] {
    return this.#counts.names.map((group) => ({
      group,
      begun: this.#begun.get(group)?.position ?? null,
    }))
  }

  get view(): PageView {
    return this.#isFrozen ? 'frozen' : document.visibilityState === 'visible' ? 'visible' : 'hidden'
  }

  /** One more, or one less, handler of this page is in a group. */
  enter(group: string, by: 1 | -1): void {
    if (this.#counts.add(group, by)) this.#changed()
  }

  /** Follows whether somebody sees the page, until what it returns is called. */
  watch(): () => void {
    const watching = new AbortController()
    // Only Chromium says that it freezes a page. Where nothing does, its silence is noticed.
    for (const type of ['visibilitychange', 'freeze', 'resume']) {
      const looked = (): void => {
        this.#isFrozen = type === 'freeze'
        if (this.#counts.names.length > 0) this.#changed()
      }
      document.addEventListener(type, looked, watching)
    }
    return () => watching.abort()
  }

  /** Handles the first entry that there are handlers for. What comes before it is dealt with too. */
  async act({ group, from, gap, texts, replayed, until }: Turn, actors: readonly Actor[]): Promise<number> {
    // All handlers were removed while this was on its way: it is for another member.
    if (!this.#counts.has(group)) return -1
    // A gap comes in the place of the entry before.
    let offset = gap ? from.offset - 1 : from.offset
    for (const text of gap ? [gapText(gap), ...texts] : texts) {
      let begun = this.#begun.get(group)
      if (begun?.text !== text || begun.position.offset !== offset + 1) {
        // A page that was frozen finds here what has been another's for long.
        if (Date.now() >= until) break
        const entry = { offset: offset + 1, text, replayed: replayed.includes(offset - from.offset) }
        const works = actors.flatMap((actor) => actor.act(group, entry) ?? [])
        begun =
          works.length > 0
            ? { position: { ...from, offset: entry.offset }, text, done: Promise.all(works) }
            : undefined
      }
      offset += 1
      if (!begun) continue
      this.#begun.set(group, begun)
      await begun.done
      break
    }
    return offset
  }
}
