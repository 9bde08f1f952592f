/**
 * What the simulation must find: each rule that keeps the guarantee, broken in turn. `npm run simulate -- --mutations`
 * runs seeds with each of these changes in the sources until one shows a fault. Rules that another one backs up (a
 * resync that does not go out is made up for by the next hole) are not among them: the unit tests hold those.
 */

/** @typedef {{ rule: string, file: string, from: string, to: string }} Mutation */

/** @type {readonly Mutation[]} */
export const mutations = [
  {
    rule: 'the cursor stands still until the answer is complete',
    file: 'session.ts',
    from: 'this.#held.add({',
    to: 'this.#advance(event, now); this.#held.add({',
  },
  {
    rule: 'the cursor goes to what was received, and not to current_seq',
    file: 'session.ts',
    from: 'this.#release(ack.currentSeq, ack.epoch, this.#reached(resync), now)',
    to: 'this.#release(ack.currentSeq, ack.epoch, ack.currentSeq + 1, now)',
  },
  {
    rule: 'a restarted worker resumes from the stored cursor',
    file: 'session.ts',
    from: 'this.#cursor = cursor\n',
    to: 'this.#cursor = null\n',
  },
  {
    rule: 'what is held stays held for the next resync',
    file: 'session.ts',
    from: "this.#phase = 'closed'\n    this.#resync = null",
    to: "this.#phase = 'closed'\n    this.#resync = null\n    this.#gap = null\n    this.#cursor = this.#cursor && { ...this.#cursor, seq: this.#held.highestBefore(1e9, this.#cursor.era) || this.#cursor.seq }\n    this.#held.take()",
  },
  {
    rule: 'a hole is asked for',
    file: 'session.ts',
    from: 'seq > cursor.seq && !this.#hasHole(cursor.seq, seq)',
    to: 'seq > cursor.seq',
  },
  {
    rule: 'a hole that stays is told',
    file: 'session.ts',
    from: "if (hole !== null) this.#gap ??= 'hole'",
    to: '',
  },
  {
    rule: 'a gap of the ring is told',
    file: 'session.ts',
    from: "if (ack.gapDetected) this.#gap ??= 'ring_exceeded'",
    to: 'if (ack.gapDetected) this.#heldMs = 0',
  },
  {
    rule: 'an event is known by its id',
    file: 'entry.ts',
    from: 'if (id !== null) return seen.has(`${type}:${id}`)',
    to: 'if (id !== null) return false',
  },
  {
    rule: 'an event without an id is known by its number',
    file: 'entry.ts',
    from: 'return seen.has(seqKey(era, seq, content)) || seen.has(`~${content}`)',
    to: 'return seen.has(`~${content}`)',
  },
  {
    rule: 'a row of the database without an id is known by its content',
    file: 'entry.ts',
    from: 'return seen.has(`=${content}`)',
    to: 'return false',
  },
  {
    rule: 'replayed events are sorted, the database first',
    file: 'replay.ts',
    from: 'compare(a.place, b.place) || a.row - b.row || a.index - b.index',
    to: 'a.index - b.index',
  },
  {
    rule: 'entries and cursor are committed together',
    file: 'journal.ts',
    from: 'if (first !== null) store.put(group, first)',
    to: 'if (first !== null && first % 7) store.put(group, first)',
  },
  {
    rule: 'only what is committed can be read',
    file: 'journal.ts',
    from: 'const end = Math.min(from + max, this.#committed)',
    to: 'const end = Math.min(from + max, this.#appended)',
  },
  {
    rule: 'an offset counts only with the run that gave it',
    file: 'journal.ts',
    from: "if (offset > end) return { start: end, gap: 'journal_lost' }",
    to: '',
  },
  {
    rule: 'what cannot be read is cleared before it is added to',
    file: 'journal.ts',
    from: 'if (this.#isForeign) store.clear()',
    to: '',
  },
]
