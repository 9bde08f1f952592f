/**
 * What the simulation must find: each rule that keeps the guarantee, broken in turn. `npm run simulate -- --mutations`
 * runs seeds with each of these changes in the sources until one shows a fault. Rules that another one backs up (a
 * resync that does not go out is made up for by the next hole) are not among them: the unit tests hold those.
 */

/**
 * @typedef {object} Mutation
 * @property {string} rule
 * @property {string} file In `worker`.
 * @property {string} from
 * @property {string} to
 * @property {number} [seed] One that showed it: it is tried first.
 */

/** @type {readonly Mutation[]} */
export const mutations = [
  {
    rule: 'the cursor stands still until the answer is complete',
    seed: 7,
    file: 'session.ts',
    from: 'this.#held.add({',
    to: 'this.#advance(event, now); this.#held.add({',
  },
  {
    rule: 'the cursor goes to what was received, and not to current_seq',
    seed: 1,
    file: 'session.ts',
    from: 'this.#release(ack.currentSeq, ack.epoch, this.#reached(resync), now)',
    to: 'this.#release(ack.currentSeq, ack.epoch, ack.currentSeq + 1, now)',
  },
  {
    rule: 'a restarted worker resumes from the stored cursor',
    seed: 3,
    file: 'session.ts',
    from: 'this.#cursor = cursor\n',
    to: 'this.#cursor = null\n',
  },
  {
    rule: 'what is held stays held for the next resync',
    seed: 16,
    file: 'session.ts',
    from: "this.#phase = 'closed'\n    this.#resync = null",
    to: "this.#phase = 'closed'\n    this.#resync = null\n    this.#gap = null\n    this.#cursor = this.#cursor && { ...this.#cursor, seq: this.#held.highestBefore(1e9, this.#cursor.era) || this.#cursor.seq }\n    this.#held.take()",
  },
  {
    rule: 'a hole is asked for',
    seed: 7,
    file: 'session.ts',
    from: 'seq > cursor.seq && !this.#hasHole(cursor.seq, seq)',
    to: 'seq > cursor.seq',
  },
  {
    rule: 'a hole that stays is told',
    seed: 27,
    file: 'session.ts',
    from: "if (hole !== null) this.#gap ??= 'hole'",
    to: '',
  },
  {
    rule: 'a gap of the ring is told',
    seed: 6,
    file: 'session.ts',
    from: "if (ack.gapDetected) this.#gap ??= 'ring_exceeded'",
    to: 'if (ack.gapDetected) this.#heldMs = 0',
  },
  {
    rule: 'an event is known by its id',
    seed: 12,
    file: 'entry.ts',
    from: 'if (id !== null) return seen.has(`${type}:${id}`)',
    to: 'if (id !== null) return false',
  },
  {
    rule: 'an event without an id is known by its number',
    seed: 3,
    file: 'entry.ts',
    from: 'return seen.has(seqKey(era, seq, content)) || seen.has(`~${content}`)',
    to: 'return seen.has(`~${content}`)',
  },
  {
    rule: 'a row of the database without an id is known by its content',
    seed: 12,
    file: 'entry.ts',
    from: 'return seen.has(`=${content}`)',
    to: 'return false',
  },
  {
    rule: 'replayed events are sorted, the database first',
    seed: 3,
    file: 'replay.ts',
    from: 'compare(a.place, b.place) || a.row - b.row || a.index - b.index',
    to: 'a.index - b.index',
  },
  {
    rule: 'entries and cursor are committed together',
    seed: 29,
    file: 'segments.ts',
    from: 'if (first !== null) store.put(',
    to: 'if (first !== null && first % 7) store.put(',
  },
  {
    rule: 'only what is committed can be read',
    seed: 13,
    file: 'journal.ts',
    from: 'const end = Math.min(from + max, this.#committed)',
    to: 'const end = Math.min(from + max, this.#appended)',
  },
  {
    rule: 'an offset counts only with the run that gave it',
    seed: 20,
    file: 'runs.ts',
    from: "if (offset > end) return { start: end, gap: 'journal_lost' }",
    to: '',
  },
  {
    rule: 'the fencing token keeps an older run from writing',
    file: 'segments.ts',
    from: 'if (isOurs) return',
    to: 'if (isOurs || owner !== null) return',
  },
  {
    rule: 'a run that another has written past since it read does not write',
    file: 'segments.ts',
    from: ' && lastOf(current.result) === this.#last',
    to: '',
  },
  {
    rule: 'who finds the store cleared writes all of it again',
    file: 'segments.ts',
    from: 'if (isOurs) return',
    to: 'if (isOurs || owner === null) return',
  },
  {
    rule: 'a hole that is not asked for is told in one commit with what shows it',
    file: 'session.ts',
    from: "return this.#accept(event, now, [resyncedEntry(0, 'hole', now)])",
    to: "return [...this.#accept(event, now), ...this.#tell('hole', now)]",
  },
  {
    rule: 'what may be of a new counter is known in its era',
    file: 'session.ts',
    from: 'mayBeNext ? withNextEra(plain, event, era) : plain',
    to: 'plain',
  },
  {
    rule: 'rows of a wider question that are all older than what is known are dropped',
    file: 'session.ts',
    from: 'if (widenings > 0) this.#dropForgotten(widenings)',
    to: '',
  },
  {
    rule: 'what is released is remembered in the order of the journal',
    file: 'session.ts',
    from: 'for (const entry of ordered) this.#seen.remember(entry)',
    to: 'for (const entry of entries.values()) this.#seen.remember(entry)',
  },
  {
    rule: 'a resync goes out after every open',
    seed: 1,
    file: 'session.ts',
    from: 'if (this.#cursor) return this.#ask(this.#cursor.seq)',
    to: 'if (this.#cursor && !this.wasOpen) { this.wasOpen = true; return this.#ask(this.#cursor.seq) }',
  },
  {
    rule: 'what is held is known once, however much it is',
    seed: 12,
    file: 'session.ts',
    from: 'const released = new Dedupe(Number.POSITIVE_INFINITY)',
    to: 'const released = new Dedupe(8)',
  },
  {
    rule: 'as many keys are remembered as a replay can bring',
    seed: 12,
    file: 'dedupe.ts',
    from: 'export const DEDUPE_CAPACITY = 2_048',
    to: 'export const DEDUPE_CAPACITY = 8',
  },
  {
    rule: 'a relay that does not finish its answer is not waited for any longer than so',
    seed: 3,
    file: 'session.ts',
    from: 'return this.#heldMs > this.#maxHoldMs ? this.#giveUpHolding(now) : []',
    to: 'return this.#heldMs > 2_000 ? this.#giveUpHolding(now) : []',
  },
  {
    rule: 'giving up waiting is told',
    seed: 95,
    file: 'session.ts',
    from: "this.#gap ??= 'no_ack'",
    to: '',
  },
  {
    rule: 'another epoch is another counter',
    seed: 13,
    file: 'session.ts',
    from: 'return epoch !== null && known !== null && epoch !== known',
    to: 'return false',
  },
  {
    rule: 'a lower current_seq is another counter',
    seed: 21,
    file: 'session.ts',
    from: '(ack.currentSeq < this.#expected(resync) || newEpoch !== null)',
    to: 'newEpoch !== null',
  },
  {
    rule: 'a refused frame leaves no hole',
    seed: 27,
    file: 'session.ts',
    from: 'if (seq > (this.#cursor?.seq ?? -1)) this.#refused.add(seq)',
    to: '',
  },
  {
    rule: 'what came after its turn is told',
    file: 'session.ts',
    from: "if (this.#outOfTurn) this.#gap ??= 'hole'",
    to: '',
  },
  {
    rule: 'the relay is asked for the union of what the tabs want',
    seed: 13,
    file: 'channels.ts',
    from: 'removed: [...before].filter((channel) => !after.has(channel)),',
    to: 'removed: [...before].filter((channel) => !channels.includes(channel)),',
  },
  {
    rule: 'a tab that is further behind than the journal is told',
    file: 'journal.ts',
    from: "gap: gap ?? (from > start ? 'journal_exceeded' : null)",
    to: 'gap',
  },
  {
    rule: 'a socket that is dead without a word is given up',
    seed: 68,
    file: 'connection.ts',
    from: 'if (this.#framesHeard !== heardBefore) return',
    to: 'return',
  },
]

/**
 * Looks for what shows a broken rule: the seed that once did, the scenarios with a name, or else the first seed.
 *
 * @param {typeof import('./simulation.js')} simulation with the rule broken
 * @param {Mutation} mutation
 * @param {number} seeds how many are tried at the most
 */
export const searchMutation = async ({ search, simulate, found }, { seed: known }, seeds) => {
  /** @param {number} seed */
  const faultOf = async (seed) => {
    /** @type {import('./judge.js').Fault | undefined} */
    let fault
    await search(
      seed,
      async (scenario) => {
        fault = (await simulate(scenario)).faults[0]
        return fault !== undefined
      },
      { shrinks: false },
    )
    return fault
  }
  const first = known === undefined ? undefined : await faultOf(known)
  if (first) return { by: `seed ${known}`, fault: first }
  for (const [name, scenario] of Object.entries(found)) {
    const [fault] = (await simulate(scenario)).faults
    if (fault) return { by: name, fault }
  }
  for (let seed = 1; seed <= seeds; seed++) {
    const fault = await faultOf(seed)
    if (fault) return { by: `seed ${seed}`, fault }
  }
  return null
}
