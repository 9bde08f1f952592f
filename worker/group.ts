/**
 * A consumer group: tabs that share one position in the journal. One member at a time has its turn: it gets what comes
 * next, and its answer moves the position, which is on disk before the next turn. So a crash puts one event in doubt at
 * the most: the one that was handled while the position behind it was not stored yet.
 */
import type { PageView, Position, Turn } from '../src/bridge.js'
import type { Clock } from './clock.js'
import type { Journal } from './journal.js'

/**
 * A member's handlers have to begin within this time, and have to be done within twice that. Two waits of this length:
 * after the machine has slept the first one is over before anything that has come meanwhile is looked at. In milliseconds.
 */
const HALF_TURN_MS = 5_000
/**
 * After the start of a run the tabs come back one by one, and one of them may have handled what is in doubt. So long it
 * is waited for, in milliseconds.
 */
const GATHERING_MS = 1_000
/** The most entries of one turn, where none of those before had a handler. */
const MAX_TURN = 256

/** A tab that is a member. */
interface Member {
  readonly act: (turn: Turn) => Promise<number | null>
  view: PageView
  /** It has not answered in time, and has not done so since. */
  isSilent: boolean
  /** Ends the turn that it has. */
  left: () => void
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
  /** The word that the journal has lost something: once in a run is enough. */
  #loss: 'none' | 'due' | 'told' = 'none'
  #phase: 'restored' | 'gathering' | 'running' | 'closed'
  /** Whose turn it was last. */
  #last: Member | null = null
  /** It has begun with what is in doubt. */
  #witness: Member | null = null
  #isActing = false
  #size = 1

  constructor(context: GroupContext) {
    this.#context = context
    const { name, journal } = context
    const stored = journal.groups.get(name)
    this.#phase = stored ? 'restored' : 'running'
    const now = journal.positionBefore(0)
    const { start, gap } = stored ? journal.locate(stored) : { start: now.offset, gap: null }
    this.#position = stored && gap ? stored : { ...now, offset: start }
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
    const member = known ?? { act, view, isSilent: false, left: () => undefined }
    if (view === 'visible' && member.view !== view) this.#members.delete(tab)
    member.view = view
    this.#members.set(tab, member)
    if (!known && hasLost && this.#loss === 'none') this.#loss = 'due'
    this.#gather(member, begun)
    this.wake()
  }

  leave(tab: object): void {
    const member = this.#members.get(tab)
    this.#members.delete(tab)
    member?.left()
  }

  /** There may be something to handle. */
  wake(): void {
    void this.#act()
  }

  close(): void {
    this.#phase = 'closed'
  }

  /** Waits for those who were members in the run before this one. */
  #gather(member: Member, begun: Position | null): void {
    const { journal, clock } = this.#context
    if (this.#phase === 'restored') {
      this.#phase = 'gathering'
      clock.after(GATHERING_MS, () => this.#begin())
    }
    if (this.#phase !== 'gathering' || !begun) return
    const { start, gap } = journal.locate(begun)
    if (gap || start <= journal.locate(this.#position).start) return
    this.#witness = member
    this.#begin()
  }

  #begin(): void {
    if (this.#phase === 'gathering') this.#phase = 'running'
    this.wake()
  }

  async #act(): Promise<void> {
    if (this.#isActing) return
    this.#isActing = true
    for (let next = this.#next(); next; next = this.#next()) await this.#turn(next)
    this.#isActing = false
  }

  /** Whose turn it is: if it can be, somebody's who is seen, and that of whoever had the last one. */
  #next(): Member | null {
    if (this.#phase !== 'running') return null
    if (this.#loss !== 'due' && !this.#context.journal.isBehind(this.#position)) return null
    const able = [...this.#members.values()].filter(({ isSilent, view }) => !isSilent && view !== 'frozen')
    const witness = able.find((member) => member === this.#witness)
    this.#witness = null
    if (witness) return witness
    const seen = able.filter(({ view }) => view === 'visible')
    const best = seen.length > 0 ? seen : able
    this.#last = best.find((member) => member === this.#last) ?? best.at(-1) ?? null
    return this.#last
  }

  async #turn(member: Member): Promise<void> {
    const { name, journal, clock } = this.#context
    const reading = journal.read(this.#position, this.#size)
    const { texts, replayed } = reading
    const { instance, offset: end } = reading.position
    const from = { instance, offset: end - texts.length }
    const gap = reading.gap ?? (this.#loss === 'due' ? 'journal_lost' : null)
    const turn = { group: name, from, gap, texts, replayed, until: clock.now() + HALF_TURN_MS }
    const dealtWith = await this.#ask(member, turn)
    if (dealtWith === null) return
    // All of it may have been of no interest, and more of that kind may come.
    this.#size = dealtWith === end ? Math.min(this.#size * 2, MAX_TURN) : 1
    await this.#move(turn, dealtWith)
  }

  /** The offset of the newest entry that is dealt with; null if the turn is another member's. */
  #ask(member: Member, turn: Turn): Promise<number | null> {
    const { clock } = this.#context
    const before = this.#position
    return new Promise((resolve) => {
      let cancel = clock.after(HALF_TURN_MS, () => {
        cancel = clock.after(HALF_TURN_MS, () => {
          member.isSilent = true
          resolve(null)
        })
      })
      const answered = (answer: number | null): void => {
        cancel()
        if (member.isSilent) void this.#answeredLate(member, turn, before, answer)
        resolve(answer)
      }
      member.left = () => answered(null)
      member.act(turn).then(
        (answer) => answered(within(turn, answer)),
        () => {
          // One of ours never fails; whoever does is not asked again.
          member.isSilent = true
          cancel()
          resolve(null)
        },
      )
    })
  }

  /** It can have a turn again; and if nobody else has had this one, it has dealt with it. */
  async #answeredLate(member: Member, turn: Turn, before: Position, answer: number | null): Promise<void> {
    member.isSilent = false
    if (answer !== null && !this.#isActing && this.#position === before) {
      this.#isActing = true
      await this.#move(turn, answer)
      this.#isActing = false
    }
    this.wake()
  }

  async #move({ from, gap }: Turn, offset: number): Promise<void> {
    if (this.#phase === 'closed' || (offset === from.offset && !gap)) return
    if (gap === 'journal_lost') this.#loss = 'told'
    this.#position = { instance: from.instance, offset }
    await this.#context.journal.moveGroup(this.#context.name, this.#position)
  }
}

/** What a tab answers is any number: null if it is none of this turn's. */
const within = ({ from, texts }: Turn, answer: unknown): number | null =>
  Number.isSafeInteger(answer) &&
  Number(answer) >= from.offset &&
  Number(answer) <= from.offset + texts.length
    ? Number(answer)
    : null
