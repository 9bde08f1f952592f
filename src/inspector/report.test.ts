import { describe, expect, test } from 'vitest'
import { fullReport } from './fakes/report.js'
import { fileName, reportOf } from './report.js'

/** In every object of a report there may be something one day that must not be passed on. */
const SECRET = 'at_live_secret'

const page = { version: '0.1.0', browser: 'a browser', problem: null }
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

/** With a secret beside every field of every object, and in place of every name of a channel. */
const poisoned = <T>(value: T): T => {
  // What is made has the shape of what it is made from.
  if (Array.isArray(value)) return value.map(poisoned) as T
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.entries(value).map(([key, field]) => [key, poisoned(field)])
  return { ...Object.fromEntries(inner), token: SECRET, text: SECRET, message: { text: SECRET } } as T
}

/** Every path in a value, those of lists as one. */
const pathsOf = (value: unknown, path = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, field]) => pathsOf(field, `${path}.${key}`))
}

describe('a report', () => {
  test('has all that the hub reports, but the names of channels', () => {
    const { channels, ...status } = fullReport.status
    const expected = { ...fullReport, status: { ...status, channels: channels.length } }
    expect(reportOf(fullReport, AT, page)).toEqual({ at: AT, page, hub: expected })
  })

  test('has nothing else, whatever comes', () => {
    const { hub } = reportOf(poisoned(fullReport), AT, poisoned(page))
    expect(JSON.stringify(hub)).not.toContain(SECRET)
    expect(new Set(pathsOf(reportOf(poisoned(fullReport), AT, poisoned(page))))).toEqual(
      new Set(pathsOf(reportOf(fullReport, AT, page))),
    )
  })

  test('has no name of a channel', () => {
    expect(JSON.stringify(reportOf(fullReport, AT, page))).not.toContain('general')
  })

  test('cuts long texts', () => {
    const [first] = fullReport.dropped
    const dropped = first ? [{ ...first, reason: 'x'.repeat(10_000) }] : []
    expect(reportOf({ ...fullReport, dropped }, AT, page).hub?.dropped[0]?.reason).toHaveLength(300)
  })

  test('can be without an answer of the hub', () => {
    const silent = { ...page, problem: 'worker_unresponsive' }
    expect(reportOf(null, AT, silent)).toEqual({ at: AT, page: silent, hub: null })
  })

  test('is kept in a file of its own time', () => {
    expect(fileName(reportOf(null, AT, page))).toBe('tabmux-report-2026-01-02T03-04-05.json')
  })
})
