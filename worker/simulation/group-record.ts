/** What the handlers of the one consumer group were told, in whichever tab: the judge takes it for one more tab. */
import { isHead } from '../records.js'
import type { Disk } from './disk.js'
import type { Told } from './told.js'

/** The name of the group that all tabs are members of. */
export const GROUP = 'all'

type Handled = Extract<Told, { index: number }>

interface Doubtful {
  readonly offset: number
  /** The page that has handled it. */
  readonly page: object
  readonly place: number
}

/** See the head of this file. */
export class GroupRecord {
  told: Told[] = []
  /** The first event that the group is owed; null if that is the first one that it gets. */
  since: number | null = null
  isClosed = false
  #hasBegun = false
  #batch = 0
  /** What may not be on disk yet as handled. */
  #doubtful: Doubtful[] = []
  readonly #disk: Disk

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /**
   * A tab joins.
   *
   * @param isFresh it has read nothing before, so that it cannot know that the group was lost with what was on the disk
   */
  joined(isFresh: boolean, numbered: number | null): void {
    if (this.#hasBegun && !(isFresh && this.#disk.troubles.length > 0)) return
    this.#hasBegun = true
    this.told = []
    this.#doubtful = []
    this.since = numbered
  }

  /** @param isUnsure the tab has ended before it could answer, or has not answered in time */
  handled(index: number, offset: number, page: object, isUnsure: boolean): void {
    this.#doubtful = this.#doubtful.filter((each) => each.offset > this.#stored())
    this.#doubtful.push({ offset, page, place: this.told.length })
    this.told.push({ batch: this.#batch, index, isUnsure })
  }

  /** Nobody has a handler for it; where a turn is repeated, so is that. */
  skipped(index: number): void {
    if (this.told.some((item) => 'index' in item && item.index === index)) return
    this.told.push({ batch: this.#batch, index, isUnsure: false })
  }

  toldGap(about: Omit<Extract<Told, { gap: boolean }>, 'batch' | 'from'>): void {
    this.told.push({ ...about, batch: this.#batch, from: null })
  }

  /** The group has come to the end of the journal. */
  caughtUp(): void {
    this.#batch += 1
  }

  /** There is no tab any more that would handle anything. What was not handled to the end of the journal is not judged. */
  close(): void {
    this.isClosed = true
    this.told = this.told.filter(({ batch }) => batch < this.#batch)
  }

  /** A page ends, or stops: what it knows of what it has handled is gone, or cannot be asked for. */
  silenced(page: object): void {
    const stored = this.#stored()
    for (const { offset, page: by, place } of this.#doubtful) {
      const item = this.told[place]
      if (by === page && offset > stored && item && 'index' in item)
        this.told[place] = { ...item, isUnsure: true } satisfies Handled
    }
  }

  /** Up to which offset it is on disk that the group has handled it. */
  #stored(): number {
    const { head } = this.#disk
    return (isHead(head) ? head.groups?.get(GROUP)?.offset : undefined) ?? 0
  }
}
