/** A tab: what it has handled, and the position that survives its reloads. */
import type { Batch, ConnectionOptions, PageView, Position, TabPort, Turn } from '../../src/bridge.js'
import { storageDefaults } from '../fakes/journal.js'
import type { Hub, Tab } from '../hub.js'
import { GROUP, type GroupRecord } from './group-record.js'
import type { Process } from './process.js'
import type { Timeline } from './timeline.js'
import type { Told } from './told.js'

/** A hub, and the process that it runs in. */
export interface Host {
  readonly hub: Hub
  readonly process: Process
  /** Names the run: a socket is made with the token, and so finds its process. */
  readonly token: string
}

/** What the tabs of a run share. */
export interface Surroundings {
  readonly timeline: Timeline
  readonly baseUrl: string
  readonly connection: ConnectionOptions
  readonly numbered: () => number
  readonly group: GroupRecord
  /** This tab needs a hub. */
  readonly hostless: (tab: SimulatedTab) => void
}

/** As many entries as a batch has at the most. */
const FULL = 1_024

/** Longer than a turn in a group lasts, in milliseconds. */
const TOO_LONG_MS = 12_000

/** See the head of this file. */
export class SimulatedTab {
  /** Everything that the handlers were told, over all reloads. */
  told: Told[] = []
  /** The first event that this tab is owed; null if that is the first one that it gets. */
  since: number | null = null
  position: Position | null = null
  readonly channels = new Set<string>()
  /** How many entries of the next batch are handled before the tab ends, and how it does. */
  #halfway: { readonly after: number; readonly way: 'crash' | 'throw' } | null = null
  /** How the tab ends its next turn in the group, instead of answering at once. */
  #failsActing: 'crash' | 'hang' | null = null
  /** What this page has begun last for the group, as `src/memberships.ts` remembers it. */
  #begun: { readonly position: Position; readonly text: string; readonly done: Promise<void> } | null = null
  #view: PageView = 'visible'
  isClosed = false
  readonly #world: Surroundings
  #attached: { host: Host; tab: Tab } | null = null
  /** Counts attachments: a port that was given up is not answered. */
  #port = 0
  #batch = 0
  #frozen: Promise<void> | null = null
  #thaw: () => void = () => undefined

  constructor(world: Surroundings) {
    this.#world = world
  }

  /** Calls the host, from where this tab was, or where it begins. */
  attach(host: Host): void {
    const port = ++this.#port
    this.#attached = null
    const { timeline, baseUrl, connection } = this.#world
    const isCurrent = (): boolean => port === this.#port
    const own: TabPort = {
      token: () =>
        new Promise((resolve) => {
          void Promise.resolve(this.#frozen).then(() => host.process.run(() => resolve(host.token)))
        }),
      // The batch and the answer to it are on their way for a moment, in which either end may go.
      deliver: (batch) =>
        new Promise((resolve, reject) => {
          const take = async (): Promise<void> => {
            await this.#frozen
            if (!isCurrent()) return
            const end = this.#handle(batch, host.hub.status().agentSeq === null)
            if (end === 'handled') host.process.run(resolve)
            if (end === 'throw') host.process.run(() => reject(new Error('a handler throws')))
          }
          timeline.after(1, () => void take())
        }),
      act: (turn) =>
        new Promise((resolve) => {
          const take = async (): Promise<void> => {
            await this.#frozen
            if (!isCurrent()) return
            const answer = await this.#act(turn, host)
            if (isCurrent()) host.process.run(() => resolve(answer))
          }
          timeline.after(1, () => void take())
        }),
    }
    const call = async (): Promise<void> => {
      await this.#frozen
      host.process.run(() => {
        if (!isCurrent()) return
        if (host.hub.isStopped) return this.#world.hostless(this)
        const about = { identity: '', from: 'now' as const, channels: [...this.channels] }
        const { tab, position } = host.hub.attach(
          { baseUrl, connection, storage: storageDefaults, ...about, position: this.position },
          own,
        )
        this.#attached = { host, tab }
        this.#join(this.position === null)
        if (this.position) return
        this.position = position
        this.told = []
        // Without a cursor the hub has no claim to what comes before its first event.
        this.since = host.hub.status().agentSeq === null ? null : this.#world.numbered()
      })
    }
    timeline.after(1, () => void call())
  }

  /** The page goes, in an instant in which no handler runs. The worker hears of it, unless it is dead. */
  leave(): void {
    this.#port += 1
    this.thaw()
    this.#world.group.silenced(this)
    this.#begun = null
    if (this.#attached) {
      const { host, tab } = this.#attached
      host.process.run(() => host.hub.detach(tab))
    }
    this.#attached = null
  }

  /** Leaves for good. */
  close(): void {
    this.leave()
    this.isClosed = true
  }

  /** Wants a channel, or no longer. */
  toggle(channel: string): void {
    if (!this.channels.delete(channel)) this.channels.add(channel)
    if (!this.#attached) return
    const { host, tab } = this.#attached
    host.process.run(() => host.hub.setChannels(tab, [...this.channels]))
  }

  /** Is seen from now on, or no longer. */
  turn(): void {
    this.#view = this.#view === 'visible' ? 'hidden' : 'visible'
    this.#join(false)
  }

  #join(isFresh: boolean): void {
    if (!this.#attached) return
    const { host, tab } = this.#attached
    const { group, numbered } = this.#world
    host.process.run(() => {
      if (host.hub.isStopped) return
      group.joined(isFresh, host.hub.status().agentSeq === null ? null : numbered())
      host.hub.setGroups(tab, [{ group: GROUP, begun: this.#begun?.position ?? null }], this.#view)
    })
  }

  freeze(): void {
    this.#world.group.silenced(this)
    this.#frozen ??= new Promise((resolve) => (this.#thaw = () => resolve()))
  }

  thaw(): void {
    this.#thaw()
    this.#frozen = null
  }

  /** The next batch with entries is handled up to one of them, chosen by any number, and there the tab ends. */
  failAfter(after: number, way: 'crash' | 'throw'): void {
    this.#halfway = { after, way }
  }

  /** The next event that it handles for the group is handled, and there the tab ends, or does nothing for long. */
  failActing(way: 'crash' | 'hang'): void {
    this.#failsActing = way
  }

  /** All faults end. */
  calm(): void {
    this.thaw()
    this.#failsActing = null
    this.#halfway = null
  }

  /** Handles a batch as `src/attachment.ts` does, and keeps the position after it, if it gets to its end. */
  #handle({ gap, texts, position, notices }: Batch, isFresh: boolean): 'handled' | 'crash' | 'throw' {
    const halfway = this.#halfway
    const numbered = this.#world.numbered()
    const about = { batch: this.#batch, isFresh, numbered, from: this.position }
    if (gap) this.told.push({ ...about, gap: true, cause: gap })
    const end = halfway && texts.length > 0 ? halfway.after % texts.length : texts.length
    for (const text of texts.slice(0, end)) {
      const wire = JSON.parse(text)
      if (wire.type === 'resynced')
        this.told.push({ ...about, gap: wire.gap_detected, cause: wire.cause ?? null })
      else this.told.push({ batch: about.batch, index: indexOf(wire), isUnsure: end < texts.length })
    }
    if (halfway && texts.length > 0) return this.#end(halfway.way)
    this.position = position
    if (texts.length < FULL) this.#batch += 1
    // The hub has given way to another one.
    if (notices.some(({ type }) => type === 'moved')) this.#world.hostless(this)
    return 'handled'
  }

  /** Has a turn in the group as `src/memberships.ts` has it. One kind of event in five has no handler. */
  async #act({ from, gap, texts, until }: Turn, { hub }: Host): Promise<number> {
    const { timeline, group, numbered } = this.#world
    const { agentSeq, journal } = hub.status()
    const about = { isFresh: agentSeq === null, numbered: numbered() }
    const isOver = (): boolean => timeline.now() >= until
    let { offset } = from
    if (gap && isOver()) return -1
    if (gap) {
      group.toldGap({ ...about, gap: true, cause: gap })
      return offset
    }
    for (const text of texts) {
      const isKnown = this.#begun?.text === text && this.#begun.position.offset === offset + 1
      if (!isKnown && isOver()) return offset
      offset += 1
      const wire = JSON.parse(text)
      const index = wire.type === 'resynced' ? null : indexOf(wire)
      if (isKnown) await this.#begun?.done
      else if (index === null) group.toldGap({ ...about, gap: wire.gap_detected, cause: wire.cause ?? null })
      else if (index % 5 === 0) group.skipped(index)
      else await this.#perform(index, { position: { ...from, offset }, text })
      if (offset === journal.last) group.caughtUp()
      if (isKnown || index === null || index % 5 > 0) return offset
    }
    return offset
  }

  /** Calls the handler of an event. */
  async #perform(index: number, entry: { position: Position; text: string }): Promise<void> {
    const way = this.#failsActing
    this.#failsActing = null
    const done =
      way === 'hang'
        ? new Promise<void>((resolve) => this.#world.timeline.after(TOO_LONG_MS, resolve))
        : Promise.resolve()
    this.#begun = { ...entry, done }
    this.#world.group.handled(index, entry.position.offset, this, way !== null)
    if (way === 'crash') this.#end('crash')
    await done
  }

  /** It ends in the middle of a batch, and begins again soon after. */
  #end(way: 'crash' | 'throw'): 'crash' | 'throw' {
    this.#halfway = null
    // One whose handler throws is detached for it by the hub; of one that crashes the hub hears by its lock.
    if (way === 'crash') this.leave()
    this.#world.hostless(this)
    return way
  }
}

/** Every event carries its index in its name. */
const indexOf = (wire: Record<string, never>): number => {
  const {
    message,
    agent,
    name,
    message_id: reacted,
  } = wire as Record<string, { text?: string; name?: string } | string>
  const named = [
    typeof message === 'object' ? message.text : undefined,
    typeof agent === 'object' ? agent.name : undefined,
    name,
    reacted,
  ]
  return Number(String(named.find((candidate) => candidate !== undefined)).slice(1))
}
