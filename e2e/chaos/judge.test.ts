import { expect, test } from 'vitest'
import { judge, type Facts, type TabHistory } from './judge.js'
import type { Told } from './recorder.js'
import type { Happening } from './told.js'

const event = (index: number): Happening => ({ kind: 'event', index, offset: index + 1 })
const gap = (cause: string): Happening => ({ kind: 'resynced', gap: true, cause })

/** Reports of one page, all in one batch, a second apart and long after the run began. */
const told = (happenings: readonly Happening[], page = 'one', batch = 1): Told[] =>
  happenings.map((happening, count) => ({
    ...happening,
    tab: 't1',
    page,
    count,
    batch,
    at: 1_000_000 + count * 1_000,
    total: 10,
  }))

const facts: Facts = { total: 6, origins: [], gone: new Set(), causes: [], doubts: [], began: 0 }
const tab = (reports: readonly Told[], about: Partial<TabHistory> = {}): TabHistory => ({
  name: 't1',
  told: reports,
  opened: 0,
  fromNow: true,
  journalHad: null,
  isOpen: true,
  crashed: new Set(),
  ...about,
})
const wrong = (history: TabHistory, about: Partial<Facts> = {}): string[] =>
  judge(history, { ...facts, ...about }).verdicts.map(({ kind, index }) => `${kind} ${index}`)

const all = [0, 1, 2, 3, 4, 5].map(event)

test('a tab that got everything once and in order is right', () => {
  expect(wrong(tab(told(all)))).toEqual([])
})

test.each([
  { name: 'missing', happenings: all.toSpliced(2, 1), found: ['lost 2'] },
  { name: 'missing at the end', happenings: all.slice(0, 5), found: ['lost 5'] },
  { name: 'twice', happenings: all.toSpliced(4, 0, event(2)), found: ['twice 2'] },
  {
    name: 'out of order',
    happenings: all.toSpliced(1, 1).toSpliced(3, 0, event(1)),
    found: ['out of order 1'],
  },
])('an event $name is found', ({ happenings, found }) => {
  expect(wrong(tab(told(happenings)))).toEqual(found)
})

test('what is gone for good and not told is found as untold', () => {
  expect(wrong(tab(told(all.toSpliced(2, 1))), { gone: new Set([2]) })).toEqual(['untold 2'])
})

test.each(['hole', 'counter_reset', 'ring_exceeded'] as const)(
  'a gap told as %s explains what is missing',
  (cause) => {
    const happenings = [...all.toSpliced(2, 1).slice(0, 3), gap(cause), ...all.slice(4)]
    expect(wrong(tab(told(happenings)), { causes: [{ cause, index: 2 }] })).toEqual([])
  },
)

test('an event that came after its turn is right where that is told', () => {
  const happenings = [event(0), ...all.slice(2, 4), event(1), gap('hole'), ...all.slice(4)]
  const causes = [{ cause: 'hole', index: 1 }] as const
  expect(wrong(tab(told(happenings)), { causes })).toEqual([])
})

test('a gap that is told before the place of what is missing does not explain it', () => {
  const happenings = [event(0), gap('hole'), ...all.slice(1, 3), ...all.slice(4)]
  expect(wrong(tab(told(happenings)), { causes: [{ cause: 'hole', index: 0 }] })).toEqual(['lost 3'])
})

test('a gap is told without need if nothing of its cause has happened, or it was told before', () => {
  const happenings = [...all.slice(0, 3), gap('hole'), ...all.slice(3)]
  expect(wrong(tab(told(happenings)))).toEqual(['without need 2'])
  const again = [...happenings.slice(0, 5), gap('hole'), ...all.slice(4)]
  expect(wrong(tab(told(again)), { causes: [{ cause: 'hole', index: 2 }] })).toEqual(['without need 3'])
})

test('a lost journal is told with need only where the disk was in doubt, and explains what comes again', () => {
  const happenings = [...all.slice(0, 3), gap('journal_lost'), ...all.slice(1)]
  const doubts = [{ from: 1_000_500, until: 1_001_000 }]
  expect(wrong(tab(told(happenings)), { doubts })).toEqual([])
  expect(judge(tab(told(happenings)), { ...facts, doubts }).afterLoss).toBe(2)
  expect(wrong(tab(told(happenings)))).toEqual(['without need 2'])
})

test('only the last batch of a page that has crashed may come again', () => {
  const reports = [
    ...told(all.slice(0, 2), 'one', 1),
    ...told(all.slice(2, 4), 'one', 2),
    ...told(all.slice(2), 'two', 1),
  ]
  expect(wrong(tab(reports, { crashed: new Set(['one']) }))).toEqual([])
  expect(judge(tab(reports, { crashed: new Set(['one']) }), facts).again).toBe(2)
  expect(wrong(tab(reports))).toEqual(['twice 2', 'twice 3'])
  const more = [
    ...told(all.slice(0, 2), 'one', 1),
    ...told(all.slice(2, 4), 'one', 2),
    ...told(all, 'two', 1),
  ]
  expect(wrong(tab(more, { crashed: new Set(['one']) }))).toEqual(['twice 0', 'twice 1'])
})

test('a tab is owed nothing from before it was opened, and all from when it is attached', () => {
  expect(wrong(tab(told(all.slice(3)), { opened: 3 }))).toEqual([])
  const owed: Told[] = told([{ kind: 'owed' }]).map((report) => ({ ...report, total: 2 }))
  expect(wrong(tab([...owed, ...told(all.slice(3))], { opened: 1 }))).toEqual(['lost 2'])
})

test('a journal that others have read from must not have forgotten', () => {
  expect(wrong(tab(told(all.slice(3)), { fromNow: false }))).toEqual([])
  expect(wrong(tab(told(all.slice(3)), { fromNow: false, journalHad: 1 }))).toEqual(['lost 1', 'lost 2'])
})

test('the last batch of a tab that was closed is not judged', () => {
  const reports = [...told(all.slice(0, 2), 'one', 1), ...told(all.slice(3, 5), 'one', 2)]
  expect(wrong(tab(reports, { isOpen: false }))).toEqual([])
  expect(wrong(tab([...reports, ...told(all.slice(5), 'one', 3)], { isOpen: false }))).toEqual(['lost 2'])
})
