/** Where this tab is in the journal, kept over reloads in `sessionStorage`, which belongs to one tab. */
import type { Position } from './bridge.js'
import { isHeld } from './locks.js'

interface Stored extends Position {
  /** The lock of the page that wrote it. */
  readonly lock: string
  /** The page has gone, and did not just stop writing. */
  readonly left: boolean
}

/** How long a page that is being replaced may keep its lock, in milliseconds (seen: up to 160). */
const LEAVING_MS = 1_000
const LOOK_EVERY_MS = 20

const parse = (text: string | null): Stored | null => {
  try {
    const stored: unknown = JSON.parse(text ?? 'null')
    if (typeof stored !== 'object' || stored === null) return null
    const { instance, offset, lock, left } = stored as Record<string, unknown> // an object; each field is checked next
    if (typeof instance !== 'string' || typeof lock !== 'string' || !Number.isSafeInteger(offset)) return null
    return { instance, offset: offset as number, lock, left: left === true }
  } catch {
    return null
  }
}

/** The stored position of one agent in this tab. Where storage is forbidden it lasts as long as the page. */
export class StoredPosition {
  readonly #key: string
  #stored: Stored | null = null

  constructor(identity: string) {
    this.#key = `tabmux:${identity}`
  }

  get current(): Position | null {
    return this.#stored && { instance: this.#stored.instance, offset: this.#stored.offset }
  }

  /**
   * What the page before this one in the same tab has left. A duplicated tab gets a copy of `sessionStorage`: if
   * the page that wrote it lives on, this is another tab, and starts like a new one.
   */
  async load(): Promise<void> {
    const stored = parse(this.#access((storage) => storage.getItem(this.#key)))
    if (!stored || stored.left) {
      this.#stored = stored
      return
    }
    const until = Date.now() + LEAVING_MS
    while (await isHeld(stored.lock)) {
      if (Date.now() > until) return
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    this.#stored = stored
  }

  save({ instance, offset }: Position, lock: string): void {
    this.#write({ instance, offset, lock, left: false })
  }

  /** The page goes: whatever comes next in this tab goes on from here. */
  leave(): void {
    if (this.#stored) this.#write({ ...this.#stored, left: true })
  }

  clear(): void {
    this.#stored = null
    this.#access((storage) => storage.removeItem(this.#key))
  }

  #write(stored: Stored): void {
    const last = this.#stored
    this.#stored = stored
    const keys = ['instance', 'offset', 'lock', 'left'] as const
    // Each write goes to another process, and a batch may bring no entries.
    if (keys.every((key) => stored[key] === last?.[key])) return
    this.#access((storage) => storage.setItem(this.#key, JSON.stringify(stored)))
  }

  /** Any access may throw: storage can be forbidden, or full. */
  #access<T>(use: (storage: Storage) => T): T | null {
    try {
      return use(sessionStorage)
    } catch {
      return null
    }
  }
}
