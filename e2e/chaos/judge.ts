/** Knows what the relay numbered and what can have cost events, and says what each tab was owed and did not get. */
import type { Told } from './recorder.js'
import type { Cause } from './stream.js'

/** What is wrong with a run. */
export type FaultKind = 'lost' | 'twice' | 'out of order' | 'untold' | 'without need' | 'stuck'

/** One thing that is wrong, with what came around it. */
export interface Verdict {
  readonly kind: FaultKind
  readonly tab: string
  /** The event; for a gap that was told without need, the event before it. */
  readonly index: number
  readonly about: string
  /** What the tab was told just before and after. */
  readonly around: readonly string[]
  /** When, by the test program's clock. */
  readonly at: number
}

/** A tab, as it was driven and as it was told. */
export interface TabHistory {
  readonly name: string
  readonly told: readonly Told[]
  /** How many events had been numbered when it was opened. */
  readonly opened: number
  /** Whether it started with what comes, and not in the past. */
  readonly fromNow: boolean
  /** Events up to this index were in the journal when the tab was opened to read that; null if they may not have been. */
  readonly journalHad: number | null
  /** It has not been closed, so it must have got to the end. */
  readonly isOpen: boolean
  /** Pages whose process was killed, in the midst of a batch perhaps. */
  readonly crashed: ReadonlySet<string>
}

/** A time in which the journal on disk, or what is only in memory, may have been lost. */
export interface Doubt {
  readonly from: number
  readonly until: number
}

/** What a run has done. */
export interface Facts {
  readonly total: number
  /** What each event was. */
  readonly origins: readonly string[]
  readonly gone: ReadonlySet<number>
  readonly causes: readonly Cause[]
  readonly doubts: readonly Doubt[]
  /** When the run began, by the test program's clock. */
  readonly began: number
}

/** What came of one tab. */
export interface Judgement {
  readonly verdicts: readonly Verdict[]
  readonly events: number
  /** Events that a crash in the midst of a batch has brought again, as the README says. */
  readonly again: number
  /** Events again after `journal_lost`, as the README says. */
  readonly afterLoss: number
  /** Events that did not come and for which a gap was told. */
  readonly missed: number
  readonly gaps: readonly string[]
}

/** A gap belongs to what came so many reports before it: a resync that holds longer than that would be found. */
const WITHIN = 1_500
/** Events from the cause of a gap to where an earlier gap may already have told it. */
const SLACK = 200
/** How long after the disk has failed what follows from it may still show: it is tried again after 5 s. In milliseconds. */
const AFTERMATH_MS = 15_000
/** Further behind than this, the journal may not reach back: it keeps 2,048 entries, `resynced` among them. */
const JOURNAL_REACH = 1_900
const STORAGE = new Set(['journal_lost', 'journal_exceeded', 'no_cursor'])

/** Judges one tab. */
export const judge = (tab: TabHistory, facts: Facts): Judgement => new Judge(tab, facts).judge()

/** How many reports are shown on each side. */
const AROUND = 8

/** What a tab was told about a place, a line each. */
export const around = (told: readonly Told[], place: number, reach = AROUND): string[] =>
  told.slice(Math.max(0, place - reach), place + reach + 1).map((item) => {
    const { tab: _tab, page, count: _count, batch, at, total, ...what } = item
    return `${Math.round(at)} page ${page.slice(0, 4)} batch ${batch} of ${total}: ${JSON.stringify(what)}`
  })

const highestOf = (told: readonly Told[]): number =>
  told.reduce((highest, item) => (item.kind === 'event' ? Math.max(highest, item.index) : highest), 0)

class Judge {
  readonly #tab: TabHistory
  readonly #facts: Facts
  readonly #verdicts: Verdict[] = []
  /** Where each event came first. */
  readonly #places = new Map<number, number>()
  readonly #gapPlaces: number[] = []
  readonly #gaps: string[] = []
  #again = 0
  #afterLoss = 0
  #missed = 0
  #events = 0

  constructor(tab: TabHistory, facts: Facts) {
    this.#tab = tab
    this.#facts = facts
  }

  judge(): Judgement {
    this.#readThrough()
    this.#lookForMissing()
    return {
      verdicts: this.#verdicts,
      events: this.#events,
      again: this.#again,
      afterLoss: this.#afterLoss,
      missed: this.#missed,
      gaps: this.#gaps,
    }
  }

  #blame(kind: FaultKind, index: number, place: number, why: string): void {
    const about = `${this.#facts.origins[index]}: ${why}`
    const at = this.#tab.told[place]?.at ?? 0
    this.#verdicts.push({
      kind,
      tab: this.#tab.name,
      index,
      about,
      at,
      around: around(this.#tab.told, place),
    })
  }

  // ── what came ────────────────────────────────────────────────────────────────────────────────────────────

  #readThrough(): void {
    const { told } = this.#tab
    let lostAt = -1
    let highest = this.#firstIndex() - 1
    let heardAt = told[0]?.at ?? 0
    /** The event before the newest gap of the relay's that was told. */
    let settled = this.#firstIndex() - SLACK
    told.forEach((item, place) => {
      if (item.kind === 'event') {
        this.#events += 1
        const earlier = this.#places.get(item.index)
        if (earlier === undefined) this.#places.set(item.index, place)
        else this.#repeated(item, place, earlier, lostAt)
        highest = Math.max(highest, item.index)
        heardAt = item.at
      }
      if (item.kind !== 'resynced' || !item.gap) return
      const cause = item.cause ?? 'none'
      this.#gaps.push(cause)
      this.#gapPlaces.push(place)
      if (cause === 'journal_lost') lostAt = place
      const isNeeded = STORAGE.has(cause)
        ? this.#isStorageInDoubt(heardAt, item.at) || highest + JOURNAL_REACH < item.total
        : this.#facts.causes.some(
            (each) =>
              each.cause === cause &&
              each.index > settled &&
              // What was lost with it has been numbered before it was told.
              each.index <= Math.max(highest + 1, item.total) &&
              (each.lateAt === undefined || this.#isStorageInDoubt(each.lateAt - 1_000, each.lateAt + 1_000)),
          )
      if (!isNeeded)
        this.#blame('without need', highest, place, `${cause} was told and nothing can have been missed`)
      if (!STORAGE.has(cause)) settled = highest
    })
  }

  #firstIndex(): number {
    const first = this.#tab.told.find(({ kind }) => kind === 'event')
    return first?.kind === 'event' ? first.index : this.#tab.opened
  }

  #repeated(item: Told, place: number, earlier: number, lostAt: number): void {
    if (item.kind !== 'event') return
    if (earlier < lostAt) {
      this.#afterLoss += 1
      this.#places.set(item.index, place)
    } else if (this.#wasInterrupted(earlier, item.page)) this.#again += 1
    else {
      const before = this.#tab.told[earlier]
      const seconds = ((item.at - (before?.at ?? 0)) / 1_000).toFixed(1)
      const first = around(this.#tab.told, earlier, 2).join(' · ')
      this.#blame('twice', item.index, place, `came ${seconds} s before: ${first}`)
    }
  }

  /** It was in the last batch of a page that has crashed: that batch may not have been acknowledged. */
  #wasInterrupted(place: number, now: string): boolean {
    const before = this.#tab.told[place]
    if (!before || before.page === now || !this.#tab.crashed.has(before.page)) return false
    const last = this.#tab.told.findLast(({ page }) => page === before.page)
    return last?.batch === before.batch
  }

  #isStorageInDoubt(from: number, until: number): boolean {
    const { doubts, began } = this.#facts
    if (from < began + AFTERMATH_MS && until < began + AFTERMATH_MS) return true
    return doubts.some((doubt) => doubt.from <= until && doubt.until + AFTERMATH_MS >= from)
  }

  // ── what did not ─────────────────────────────────────────────────────────────────────────────────────────

  #lookForMissing(): void {
    const { told, isOpen } = this.#tab
    const judged = isOpen ? told.length : this.#endOfClosed()
    const end = isOpen ? this.#facts.total : highestOf(told.slice(0, judged))
    const late = this.#lookForLate(judged)
    let before = -1
    for (let index = this.#owedFrom(); index < end; index++) {
      const place = this.#places.get(index)
      if (place !== undefined) {
        if (!late.has(index)) before = place
      } else if (this.#isTold(before)) this.#missed += 1
      else {
        const why = `the tab had come to report ${before} of ${told.length}`
        this.#blame(this.#facts.gone.has(index) ? 'untold' : 'lost', index, Math.max(before, 0), why)
      }
    }
  }

  /** Events that came after later ones. It is told after the first of those, and not long after they came. */
  #lookForLate(judged: number): Set<number> {
    const late = new Set<number>()
    const inTurn: { readonly index: number; readonly place: number }[] = []
    for (const [index, place] of [...this.#places].toSorted(([, one], [, other]) => one - other)) {
      const isInTurn = index > (inTurn.at(-1)?.index ?? -1)
      const overtaken = isInTurn ? undefined : inTurn.find((earlier) => earlier.index > index)
      if (!overtaken) {
        inTurn.push({ index, place })
        continue
      }
      late.add(index)
      const isTold = this.#gapPlaces.some((gap) => gap > overtaken.place && gap <= place + WITHIN)
      if (!isTold && place < judged)
        this.#blame('out of order', index, place, `came after ${overtaken.index}`)
    }
    return late
  }

  #isTold(from: number): boolean {
    return this.#gapPlaces.some((place) => place > from && place <= Math.max(from, 0) + WITHIN)
  }

  /** The first event that this tab has a right to. */
  #owedFrom(): number {
    const { told, opened, fromNow, journalHad } = this.#tab
    const rights = [journalHad ?? Infinity, told.find(({ kind }) => kind === 'owed')?.total ?? Infinity]
    const first = told.some(({ kind }) => kind === 'event') ? this.#firstIndex() : Infinity
    rights.push(fromNow ? Math.max(opened, first) : first)
    return Math.min(...rights)
  }

  /**
   * A tab can be closed in the midst of a batch, at whose end a gap may be told. So its last batch is not judged, nor
   * that of a page that has crashed before, which the last one may have begun to repeat. Gives the place of these.
   */
  #endOfClosed(): number {
    const { told, crashed } = this.#tab
    const last = told.findLast(({ kind }) => kind === 'event')
    const interrupted = told.findLast(
      ({ kind, page }) => kind === 'event' && page !== last?.page && crashed.has(page),
    )
    const isOpenEnded = ({ page, batch }: Told): boolean =>
      [last, interrupted].some((item) => item?.page === page && item.batch === batch)
    const ended = told.findIndex(isOpenEnded)
    return ended === -1 ? told.length : ended
  }
}
