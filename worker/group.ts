/**
 * A consumer group: tabs that share one position in the journal. One member at a time has its turn: it gets what comes
 * next, and its answer moves the position, which is on disk before the next turn. So a crash puts one event in doubt at
 * the most: the one that was handled while the position behind it was not stored yet.
 */
import type { PageView, Position, Turn } from '../src/bridge.js'
import type { Clock } from './clock.js'
import type { Journal } from './journal.js'

/**
 * A member's handlers have to begin within this time, and it has to answer within twice that. Two waits of this length:
 * after the machine has slept the first one is over before anything that has come meanwhile is looked at. In milliseconds.
 */
const HALF_TURN_MS = 5_000
/**
 * After the start of a run the tabs come back one by one, and one of them may have begun with what is in doubt. So long
 * it is waited for, in milliseconds.
 */
const GATHERING_MS = 1_000
/** The most entries of one turn, where none of those before had a handler. */
const MAX_TURN = 256

/** A tab that is a member. */
interface Member {
  readonly act: (turn: Turn) => Promise<number>
  view: PageView
  /** It has not answered in time. It does not have a turn again before it has answered. */
  isSilent: boolean
  /** Ends the turn that it has. */
  end: () => void
}

/** What a tab says when it joins. */
export interface Joining extends Pick<Member, 'act' | 'view'> {
  /** The newest entry that the tab has begun to handle for the group; null if there was none. */
  readonly begun: Position | null
  /** The journal has lost what the tab had read. */
  readonly hasLost: boolean
}

/** What a group needs from around it. */
export interface GroupContext {
  readonly name: string
  readonly journal: Journal
  readonly clock: Clock
}

/** See the head of this file. */
export class Group {
  readonly #context: GroupContext
  /** By whatever stands for the tab, in the order in which they came to be seen last. */
  readonly #members = new Map<object, Member>()
  #position: Position
  #phase: 'gathering' | 'running' | 'closed'
  /** The word that the journal has lost something: once in a run is enough. */
  #loss: 'none' | 'due' | 'told' = 'none'
  /** It has begun with what is in doubt: it has the next turn, whether it is seen or not. */
  #witness: Member | undefined
  #last: Member | undefined
  #isActing = false
  #size = 1

  constructor(context: GroupContext) {
    this.#context = context
    const { name, journal, clock } = context
    const stored = journal.groups.get(name)
    const now = journal.positionBefore(0)
    const { start, gap } = stored ? journal.locate(stored) : { start: now.offset, gap: null }
    this.#position = stored && gap ? stored : { ...now, offset: start }
    this.#phase = stored ? 'gathering' : 'running'
    if (stored) clock.after(GATHERING_MS, () => this.#begin())
    // From here on it is owed what comes, also if it loses all its members before that.
    void journal.moveGroup(name, this.#position)
  }

  get hasMembers(): boolean {
    return this.#members.size > 0
  }

  get position(): Position {
    return this.#position
  }

  /** A tab is a member from now on, or says how it is now. */
  join(tab: object, { act, view, begun, hasLost }: Joining): void {
    const known = this.#members.get(tab)
    const member = known ?? { act, view, isSilent: false, end: () => undefined }
    if (view === 'visible' && member.view !== view) this.#members.delete(tab)
    member.view = view
    this.#members.set(tab, member)
    if (!known) this.#believe(member, begun, hasLost)
    this.wake()
  }

  /** A member of an earlier run may know more of that than what is stored says. */
  #believe(member: Member, begun: Position | null, hasLost: boolean): void {
    const { start, gap } = this.#context.journal.locate(begun ?? this.#position)
    if ((hasLost || gap) && this.#loss === 'none') this.#loss = 'due'
    if (this.#phase !== 'gathering' || gap || start <= this.#position.offset) return
    this.#witness = member
    this.#begin()
  }

  leave(tab: object): void {
    const member = this.#members.get(tab)
    this.#members.delete(tab)
    member?.end()
  }

  /** There may be something to handle. */
  wake(): void {
    void this.#act()
  }

  close(): void {
    this.#phase = 'closed'
  }

  #begin(): void {
    if (this.#phase === 'gathering') this.#phase = 'running'
    this.wake()
  }

  async #act(): Promise<void> {
    if (this.#isActing) return
    this.#isActing = true
    for (let member = this.#choose(); member; member = this.#choose()) await this.#turn(member)
    this.#isActing = false
  }

  /** Whose turn it is: somebody's who is seen, if there is one; and if it can be, of whoever had the last one. */
  #choose(): Member | undefined {
    if (this.#phase !== 'running') return undefined
    if (this.#loss !== 'due' && !this.#context.journal.isBehind(this.#position)) return undefined
    const able = [...this.#members.values()].filter(({ isSilent, view }) => !isSilent && view !== 'frozen')
    const seen = able.filter(({ view }) => view === 'visible')
    const best = seen.length > 0 ? seen : able
    const isAmong = (members: readonly Member[], member: Member | undefined) =>
      members.find((each) => each === member)
    this.#last = isAmong(able, this.#witness) ?? isAmong(best, this.#last) ?? best.at(-1)
    this.#witness = undefined
    return this.#last
  }

  async #turn(member: Member): Promise<void> {
    const { name, journal, clock } = this.#context
    const { texts, replayed, position, gap: cut } = journal.read(this.#position, this.#size)
    const { instance, offset: end } = position
    const from = { instance, offset: end - texts.length }
    const gap = cut ?? (this.#loss === 'due' ? 'journal_lost' : null)
    const turn = { group: name, from, gap, texts, replayed, until: clock.now() + HALF_TURN_MS }
    const offset = await this.#ask(member, turn)
    // Not even the gap, nor any entry.
    if (offset === null || (offset === from.offset && !gap) || this.#phase === 'closed') return
    // All of it may have been of no interest, and more of that kind may come.
    this.#size = offset === end ? Math.min(this.#size * 2, MAX_TURN) : 1
    if (gap === 'journal_lost') this.#loss = 'told'
    this.#position = { instance, offset }
    await journal.moveGroup(name, this.#position)
  }

  /**
   * Resolves with the offset of the newest entry that is dealt with, or with null if the turn is another member's. One that
   * answers too late has a turn again, and if that is the same one, it knows what it has done.
   */
  #ask(member: Member, { from, texts, ...rest }: Turn): Promise<number | null> {
    const isPossible = (offset: number) =>
      Number.isSafeInteger(offset) && offset >= from.offset && offset <= from.offset + texts.length
    return new Promise((resolve) => {
      let cancel = (): void => undefined
      const wait = (then: () => void): void => {
        cancel = this.#context.clock.after(HALF_TURN_MS, then)
      }
      const end = (offset: number | null, isSilent: boolean): void => {
        cancel()
        member.isSilent = isSilent
        resolve(offset)
      }
      wait(() => wait(() => end(null, true)))
      member.end = () => end(null, false)
      member.act({ from, texts, ...rest }).then(
        (offset) => {
          end(isPossible(offset) ? offset : null, false)
          this.wake()
        },
        // One of ours never fails.
        () => end(null, true),
      )
    })
  }
}
