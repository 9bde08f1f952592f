/** The consumer groups of one agent, and the tabs that are members of them. */
import { MAX_GROUPS, type Membership, type Position } from '../src/bridge.js'
import type { Clock } from './clock.js'
import { Group, type Joining } from './group.js'
import type { Journal } from './journal.js'
import { tooManyGroups } from './requests.js'

/** See the head of this file. */
export class Groups {
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #groups = new Map<string, Group>()

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal
    this.#clock = clock
  }

  /** The positions of those that have a member. */
  get positions(): readonly Position[] {
    return [...this.#groups.values()].flatMap(({ hasMembers, position }) => (hasMembers ? position : []))
  }

  /**
   * A tab is a member of these groups from now on, instead of those before.
   *
   * @throws {TabmuxError} `limit_exceeded`
   */
  set(tab: object, memberships: readonly Membership[], how: Omit<Joining, 'begun'>): void {
    const names = new Set(memberships.map(({ group }) => group))
    for (const [name, group] of this.#groups) if (!names.has(name)) group.leave(tab)
    for (const { group, begun } of memberships) this.#open(group).join(tab, { ...how, begun })
  }

  /** The tab is gone. */
  remove(tab: object): void {
    for (const group of this.#groups.values()) group.leave(tab)
  }

  /** Entries are in the journal. */
  wake(): void {
    for (const group of this.#groups.values()) group.wake()
  }

  /** No turn begins any more. */
  close(): void {
    for (const group of this.#groups.values()) group.close()
  }

  #open(name: string): Group {
    let group = this.#groups.get(name)
    if (!group) {
      if (!this.#journal.groups.has(name)) this.#makeRoom()
      group = new Group({ name, journal: this.#journal, clock: this.#clock })
      this.#groups.set(name, group)
    }
    return group
  }

  /** Of too many groups, one goes that has no member, and has had none for the longest. */
  #makeRoom(): void {
    if (this.#journal.groups.size < MAX_GROUPS) return
    const idle = [...this.#journal.groups.keys()].find((each) => !this.#groups.get(each)?.hasMembers)
    if (idle === undefined) throw tooManyGroups()
    this.#groups.get(idle)?.close()
    this.#groups.delete(idle)
    this.#journal.forgetGroup(idle)
  }
}
