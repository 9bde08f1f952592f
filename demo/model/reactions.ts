/** A reaction and who gave it. */
export interface Reaction {
  readonly emoji: string
  readonly agents: readonly string[]
}

interface Given {
  readonly emoji: string
  readonly agent: string
  readonly on: boolean
  readonly offset: number
}

const KEPT = 4_000

/**
 * Who reacted to what. Of an agent's reactions with one emoji the one with the highest offset counts, so history may
 * come after what is newer.
 */
export class Reactions {
  readonly #given = new Map<string, Map<string, Given>>()

  /** Returns whether anything changed. */
  set(messageId: string, given: Given): boolean {
    const all = this.#given.get(messageId) ?? new Map<string, Given>()
    const key = `${given.emoji} ${given.agent}`
    if ((all.get(key)?.offset ?? 0) >= given.offset) return false
    all.set(key, given)
    this.#given.set(messageId, all)
    if (this.#given.size > KEPT) this.#dropOldest()
    return true
  }

  of(messageId: string): readonly Reaction[] {
    const byEmoji = new Map<string, string[]>()
    for (const { emoji, agent, on } of this.#given.get(messageId)?.values() ?? []) {
      if (!on) continue
      const agents = byEmoji.get(emoji)
      if (agents) agents.push(agent)
      else byEmoji.set(emoji, [agent])
    }
    return [...byEmoji].map(([emoji, agents]) => ({ emoji, agents }))
  }

  #dropOldest(): void {
    const [oldest] = this.#given.keys()
    if (oldest !== undefined) this.#given.delete(oldest)
  }
}
