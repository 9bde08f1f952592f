/** Numbers, sizes and times as a person reads them. Pure. */

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** 12,345 */
export const count = (value: number): string => value.toLocaleString('en')

/** 1 tab, 2 tabs */
export const counted = (value: number, unit: string): string =>
  `${count(value)} ${value === 1 ? unit : `${unit}s`}`

/** 14:05:09, with the day if that was over a day before `now`. */
export const time = (at: number, now: number): string =>
  now - at > DAY ? `${day.format(at)}, ${clock.format(at)}` : clock.format(at)

/** 12 s, 3 min, 2 h, 7 days: in the largest unit of which there are at least two, cut down. */
export const duration = (ms: number): string => {
  if (ms === Number.POSITIVE_INFINITY) return 'for ever'
  if (ms >= 2 * DAY) return counted(Math.floor(ms / DAY), 'day')
  if (ms >= 2 * HOUR) return `${Math.floor(ms / HOUR)} h`
  if (ms >= 2 * MINUTE) return `${Math.floor(ms / MINUTE)} min`
  return `${Math.max(0, Math.floor(ms / SECOND))} s`
}

/** 512 B, 1.5 KiB, 64 MiB */
export const bytes = (value: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  let scaled = value
  let unit = 0
  for (; scaled >= 1_024 && unit < units.length - 1; unit++) scaled /= 1_024
  return `${scaled.toLocaleString('en', { maximumFractionDigits: scaled < 10 ? 1 : 0 })} ${units[unit]}`
}
