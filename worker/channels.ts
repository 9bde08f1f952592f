/** Which channels the relay is asked for: the union of what the tabs want. Pure. */
export class Channels<Owner> {
  readonly #wanted = new Map<Owner, ReadonlySet<string>>()

  /** What an owner wants from now on. Returns how the union changes by it. */
  set(owner: Owner, channels: readonly string[]): { added: string[]; removed: string[] } {
    const before = new Set(this.all())
    if (channels.length > 0) this.#wanted.set(owner, new Set(channels))
    else this.#wanted.delete(owner)
    const after = new Set(this.all())
    return {
      added: [...after].filter((channel) => !before.has(channel)),
      removed: [...before].filter((channel) => !after.has(channel)),
    }
  }

  /** The union, in the order of the alphabet. */
  all(): string[] {
    return [...new Set([...this.#wanted.values()].flatMap((channels) => [...channels]))].toSorted()
  }
}
