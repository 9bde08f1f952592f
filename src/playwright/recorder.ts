/**
 * What the kit does inside the pages: it writes down what every handler of a relay could be told, as it is told.
 *
 * The record is in `sessionStorage`, where the tab keeps its position too, and is written before it. So whatever the
 * position covers is in the record, over reloads and crashes, and what a crash takes from both comes again.
 */
import type { AnyEvent, EventMeta } from '../events.js'
import type { Relay } from '../api.js'

/** One thing that the handlers of a tab were told. */
export interface Received {
  /** That of the event: `message.created`, `resynced`, `open`, `error`, … */
  readonly type: string
  /** The text, if it is a message. */
  readonly text?: string
  /** The place in the agent's journal. What the client itself says has none, but for `resynced`. */
  readonly offset?: number
  /** The relay's number for the event. A database replay has none, and neither has what the client itself says. */
  readonly agentSeq?: number
  /** The event was missed and came by a resync. */
  readonly replayed?: boolean
  /** The event as handlers get it; null if it is longer than 100,000 characters. */
  readonly event: unknown
}

/** What one look into a page gives. */
export interface Look {
  /** How many things were written down so far, those that are not here included. */
  readonly count: number
  readonly received: readonly Received[]
  /** Of the newest relay of the page; null if it has made none. */
  readonly status: Relay['status'] | null
}

/** The kit's own name in a page: what it offers to the test. */
export const KIT = 'tabmux.playwright'

/** What the kit puts into each page, under `Symbol.for(KIT)`. */
export interface PageKit {
  /** A {@link Look} as JSON, with what was written down from this index on. What comes before is forgotten. */
  look(from: number): string
  /** Waits for the newest relay; false if there is none. */
  ready(): Promise<boolean>
  /** The names of the Web Locks that are held here. */
  locks(): Promise<string[]>
}

/** Runs in the page, before its own scripts, and so can use nothing from outside it. */
export const record = (kit: string): void => {
  if (window !== window.top) return
  const PREFIX = 'tabmux-kit:'
  const OPENED = `${PREFIX}opened`
  const LONGEST = 100_000
  const relays: Relay[] = []
  let next: number | null = null

  const indexes = (): number[] =>
    Object.keys(sessionStorage).flatMap((key) => {
      const index = key.startsWith(PREFIX) ? Number(key.slice(PREFIX.length)) : Number.NaN
      return Number.isNaN(index) ? [] : index
    })

  /** The index of what is written down next. */
  const count = (): number => {
    if (next !== null) return next
    // A page that another one has opened gets a copy of its storage, and this record is not its own.
    if (opener && sessionStorage.getItem(OPENED) === null) {
      for (const index of indexes()) sessionStorage.removeItem(`${PREFIX}${index}`)
      sessionStorage.setItem(OPENED, '')
    }
    next = Math.max(-1, ...indexes()) + 1
    return next
  }

  const textOf = (event: object): string | undefined => {
    const message: unknown = Reflect.get(event, 'message')
    const text: unknown = typeof message === 'object' && message !== null && Reflect.get(message, 'text')
    return typeof text === 'string' ? text : undefined
  }

  const write = (told: AnyEvent, meta: EventMeta | undefined): void => {
    const { type } = told
    const text = textOf(told)
    // An error has its fields where JSON does not look.
    const event =
      told instanceof Error ? { type, code: Reflect.get(told, 'code'), message: told.message } : told
    const about = { type, ...(text !== undefined && { text }), ...meta }
    const whole = JSON.stringify({ ...about, event })
    const index = count()
    next = index + 1
    const line = whole.length > LONGEST ? JSON.stringify({ ...about, event: null }) : whole
    sessionStorage.setItem(`${PREFIX}${index}`, line)
  }

  addEventListener('tabmux:connect', ({ detail: relay }) => {
    relays.push(relay)
    relay.on.any((event, meta) => {
      // Relays of one agent in one page are told the same, and share their status: the first of them counts.
      if (meta && relays.find(({ status }) => status === relay.status) !== relay) return
      write(event, meta)
    })
  })

  const look = (from: number): string => {
    const status = relays.at(-1)?.status ?? null
    try {
      const last = count()
      const lines: string[] = []
      // The newest one stays: by it the next page of this tab knows how many there were.
      for (const index of indexes())
        if (index < Math.min(from, last - 1)) sessionStorage.removeItem(`${PREFIX}${index}`)
      // An app that clears the storage takes the record along: it starts again then.
      for (let index = from > last ? 0 : from; index < last; index++) {
        const line = sessionStorage.getItem(`${PREFIX}${index}`)
        if (line !== null) lines.push(line)
      }
      return `{"count":${last},"received":[${lines.join()}],"status":${JSON.stringify(status)}}`
    } catch {
      // A page without an origin has no storage, and no relay.
      return '{"count":0,"received":[],"status":null}'
    }
  }

  const own: PageKit = {
    look,
    ready: async () => {
      const relay = relays.at(-1)
      await relay?.ready
      return relay !== undefined
    },
    locks: async () => ((await navigator.locks.query()).held ?? []).flatMap(({ name }) => name ?? []),
  }
  Reflect.set(globalThis, Symbol.for(kit), own)
}
