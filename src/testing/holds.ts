/** The steps of the answer to a resync, in order. `PROTOCOL.md`, "The relay's answer". */
export type ResyncStep = 'ring' | 'database' | 'ack'

/** The places in the answer to a resync where it is held. */
export interface Holds {
  /** Holds every answer before `step`. What is returned lets go on; it is safe to call twice. */
  add(step: ResyncStep): () => void
  /** What to wait for before `step`, or undefined: an answer that is not held is sent without a pause. */
  before(step: ResyncStep): Promise<void> | undefined
  /** Lets go everything. */
  clear(): void
}

interface Hold {
  readonly step: ResyncStep
  readonly released: Promise<void>
  readonly release: () => void
}

/** Makes the holds of one relay; there are none at first. */
export const createHolds = (): Holds => {
  const holds = new Set<Hold>()
  const letGo = (hold: Hold): void => {
    holds.delete(hold)
    hold.release()
  }
  return {
    add: (step) => {
      let release = (): void => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      const hold = { step, released, release }
      holds.add(hold)
      return () => letGo(hold)
    },
    before: (step) => {
      const held = [...holds].filter((hold) => hold.step === step)
      return held.length === 0 ? undefined : Promise.all(held.map(({ released }) => released)).then(() => {})
    },
    clear: () => holds.forEach(letGo),
  }
}
