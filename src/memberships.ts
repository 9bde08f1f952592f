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
import { describe, TabmuxError } from './errors.js'

/** Who has handlers. Both answer when these are done, or null if there are none. */
export interface Actor {
  readonly act: (group: string, entry: DeliveredEntry) => Promise<unknown> | null
  readonly actOnGap: (
    group: string,
    cause: NonNullable<Turn['gap']>,
    position: Position,
  ) => Promise<unknown> | null
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

/** What all that have handlers answer together. */
const allOf = (works: readonly (Promise<unknown> | null)[]): Promise<unknown> | null =>
  works.some(Boolean) ? Promise.all(works) : null

/** See the head of this file. */
export class Memberships {
  /** How many handlers of this page are in a group. */
  readonly #counts = new Map<string, number>()
  /** Also of groups that the page has left: it may be back before the hub knows. */
  readonly #begun = new Map<string, Begun>()
  readonly #changed: () => void
  #isFrozen = false

  /** @param changed is called when the hub has to be told */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get current(): readonly Membership[] {
    return [...this.#counts.keys()].map((group) => ({
      group,
      begun: this.#begun.get(group)?.position ?? null,
    }))
  }

  get view(): PageView {
    return this.#isFrozen ? 'frozen' : document.visibilityState === 'visible' ? 'visible' : 'hidden'
  }

  /** One more, or one less, handler of this page is in a group. */
  enter(group: string, by: 1 | -1): void {
    const before = this.#counts.get(group) ?? 0
    if (before + by > 0) this.#counts.set(group, before + by)
    else this.#counts.delete(group)
    if (before === 0 || before + by === 0) this.#changed()
  }

  /** Follows whether somebody sees the page, until what it returns is called. */
  watch(): () => void {
    const watching = new AbortController()
    // Only Chromium says that it freezes a page. Where nothing does, its silence is noticed.
    for (const type of ['visibilitychange', 'freeze', 'resume']) {
      const looked = (): void => {
        this.#isFrozen = type === 'freeze'
        if (this.#counts.size > 0) this.#changed()
      }
      document.addEventListener(type, looked, watching)
    }
    return () => watching.abort()
  }

  /** Handles the first entry that there are handlers for. What comes before it is dealt with too. */
  async act(
    { group, from, gap, texts, replayed, until }: Turn,
    actors: readonly Actor[],
  ): Promise<number | null> {
    // All handlers were removed while this was on its way: it is for another member.
    if (!this.#counts.has(group)) return null
    const { instance } = from
    let { offset } = from
    // A page that was frozen finds here what has been another's for long.
    const isOver = (): boolean => Date.now() >= until
    if (gap) {
      if (isOver()) return null
      const told = allOf(actors.map((actor) => actor.actOnGap(group, gap, from)))
      await told
      if (told) return offset
    }
    for (const [index, text] of texts.entries()) {
      const known = this.#begun.get(group)
      const isKnown = known?.text === text && known.position.offset === offset + 1
      if (!isKnown && isOver()) return offset
      offset += 1
      const entry = { offset, text, replayed: replayed.includes(index) }
      const done = isKnown ? known.done : allOf(actors.map((actor) => actor.act(group, entry)))
      if (!done) continue
      this.#begun.set(group, { position: { instance, offset }, text, done })
      await done
      return offset
    }
    return offset
  }
}
