/** The relay's clock: milliseconds since 1970, with an offset that a test can move. */
export interface Clock {
  now(): number
  shift(ms: number): void
}

/** Makes a clock that starts without an offset. */
export const createClock = (source: () => number): Clock => {
  let offset = 0
  return {
    now: () => source() + offset,
    shift: (ms) => {
      offset += ms
    },
  }
}

/** A time in milliseconds as the ISO text that goes over the wire. */
export const iso = (ms: number): string => new Date(ms).toISOString()
