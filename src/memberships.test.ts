import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Turn } from './bridge.js'
import { checkGroupName, Memberships, type Actor } from './memberships.js'

const turnOf = (texts: readonly string[], more: Partial<Turn> = {}): Turn => ({
  group: 'sounds',
  from: { instance: 'run 1', offset: 4 },
  gap: null,
  texts,
  replayed: [],
  until: Date.now() + 5_000,
  ...more,
})

/** Handlers of what begins with `a`, which are done when the test says so. */
const actorOf = (isLate = false) => {
  const told: unknown[] = []
  const done: (() => void)[] = []
  const work = () => (isLate ? new Promise<void>((resolve) => done.push(resolve)) : Promise.resolve())
  const actor: Actor = {
    act: (group, entry) => {
      if (!/^(a|\{)/.test(entry.text)) return null
      told.push({ group, ...entry })
      return work()
    },
  }
  return { actor, told, finish: () => done.splice(0).forEach((each) => each()) }
}

/** A page with a handler in the group `sounds`. */
const memberships = () => {
  const page = new Memberships(() => undefined)
  page.enter('sounds', 1)
  return page
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the name of a group', () => {
  test.each(['sounds', 'x', 'a name with blanks', 'x'.repeat(200)])('may be %s', (name) => {
    expect(checkGroupName(name)).toBe(name)
  })

  test.each(['', 'x'.repeat(201), 7, null, true, {}])('cannot be %s', (name) => {
    expect(() => checkGroupName(name)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })
})

describe('a turn', () => {
  test('is the first entry that there are handlers for, and what comes before it', async () => {
    const { actor, told } = actorOf()
    expect(await memberships().act(turnOf(['b', 'c', 'a1', 'a2'], { replayed: [2] }), [actor])).toBe(7)
    expect(told).toEqual([{ group: 'sounds', offset: 7, text: 'a1', replayed: true }])
  })

  test('is all of it where there are no handlers', async () => {
    const { actor, told } = actorOf()
    expect(await memberships().act(turnOf(['b', 'c']), [actor])).toBe(6)
    expect(told).toEqual([])
  })

  test('is over when what the handlers return has settled, in all connections of the page', async () => {
    const [one, two] = [actorOf(true), actorOf(true)]
    const answered = vi.fn<(offset: number) => void>()
    const acting = memberships()
      .act(turnOf(['a']), [one.actor, two.actor])
      .then(answered)
    one.finish()
    await vi.advanceTimersByTimeAsync(100)
    expect(answered).not.toHaveBeenCalled()
    two.finish()
    await acting
    expect(answered).toHaveBeenCalledWith(5)
  })

  test('may be no more than to hear of a gap', async () => {
    const { actor, told } = actorOf()
    expect(await memberships().act(turnOf(['a'], { gap: 'journal_exceeded' }), [actor])).toBe(4)
    expect(told).toEqual([
      {
        group: 'sounds',
        offset: 4,
        text: '{"type":"resynced","replayed":0,"gap_detected":true,"source":"journal","cause":"journal_exceeded"}',
        replayed: false,
      },
    ])
  })

  test('goes past a gap that nobody wants to hear of', async () => {
    const { actor, told } = actorOf()
    const deaf: Actor = {
      act: (group, entry) => (entry.text.startsWith('{') ? null : actor.act(group, entry)),
    }
    const turn = turnOf(['a'], { gap: 'journal_exceeded', replayed: [0] })
    expect(await memberships().act(turn, [deaf])).toBe(5)
    expect(told).toEqual([{ group: 'sounds', offset: 5, text: 'a', replayed: true }])
  })
})

describe('a page that was frozen', () => {
  test('begins with nothing that may be another’s by now', async () => {
    const { actor, told } = actorOf()
    const turn = turnOf(['a'])
    vi.advanceTimersByTime(5_000)
    expect(await memberships().act(turn, [actor])).toBe(4)
    expect(told).toEqual([])
  })

  test('is told of no gap either', async () => {
    const { actor, told } = actorOf()
    const turn = turnOf(['a'], { gap: 'journal_lost' })
    vi.advanceTimersByTime(5_000)
    expect(await memberships().act(turn, [actor])).toBe(3)
    expect(told).toEqual([])
  })

  test('begins in time', async () => {
    const { actor, told } = actorOf()
    const turn = turnOf(['a'])
    vi.advanceTimersByTime(4_999)
    expect(await memberships().act(turn, [actor])).toBe(5)
    expect(told).toHaveLength(1)
  })
})

describe('an entry that comes again, after a worker has ended', () => {
  test('is handled already', async () => {
    const { actor, told } = actorOf()
    const page = memberships()
    await page.act(turnOf(['a']), [actor])
    const again = turnOf(['a'], { from: { instance: 'run 2', offset: 4 }, until: 0 })
    expect(await page.act(again, [actor])).toBe(5)
    expect(told).toHaveLength(1)
  })

  test('is still being handled', async () => {
    const { actor, told, finish } = actorOf(true)
    const page = memberships()
    const answered = vi.fn<(offset: number) => void>()
    void page.act(turnOf(['a']), [actor])
    const acting = page.act(turnOf(['a'], { from: { instance: 'run 2', offset: 4 } }), [actor]).then(answered)
    await vi.advanceTimersByTimeAsync(100)
    expect(answered).not.toHaveBeenCalled()
    finish()
    await acting
    expect(told).toHaveLength(1)
  })

  test('is another one, if it is another text at the same place', async () => {
    const { actor, told } = actorOf()
    const page = memberships()
    await page.act(turnOf(['a']), [actor])
    await page.act(turnOf(['a2'], { from: { instance: 'run 2', offset: 4 } }), [actor])
    expect(told).toHaveLength(2)
  })

  test('is another one, if it is the same text at another place', async () => {
    const { actor, told } = actorOf()
    const page = memberships()
    await page.act(turnOf(['a']), [actor])
    await page.act(turnOf(['a'], { from: { instance: 'run 1', offset: 5 } }), [actor])
    expect(told).toHaveLength(2)
  })

  test('is told to the hub as begun, as soon as it is', () => {
    const { actor } = actorOf(true)
    const page = memberships()
    expect(page.current).toEqual([{ group: 'sounds', begun: null }])
    void page.act(turnOf(['b', 'a']), [actor])
    expect(page.current).toEqual([{ group: 'sounds', begun: { instance: 'run 1', offset: 6 } }])
  })
})

describe('a page', () => {
  test('is a member as long as it has a handler in the group', () => {
    const changed = vi.fn<() => void>()
    const page = new Memberships(changed)
    page.enter('sounds', 1)
    page.enter('sounds', 1)
    page.enter('other', 1)
    page.enter('sounds', -1)
    expect(page.current.map(({ group }) => group)).toEqual(['sounds', 'other'])
    page.enter('sounds', -1)
    expect(page.current.map(({ group }) => group)).toEqual(['other'])
    expect(changed).toHaveBeenCalledTimes(3)
  })

  test('leaves its turn alone once its last handler is removed', async () => {
    const { actor, told } = actorOf()
    const page = memberships()
    page.enter('sounds', -1)
    expect(await page.act(turnOf(['a']), [actor])).toBe(-1)
    expect(told).toEqual([])
  })

  test('says whether it is seen, whenever that changes', () => {
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    vi.stubGlobal('document', document)
    const views: string[] = []
    const page = new Memberships(() => views.push(page.view))
    const unwatch = page.watch()
    const happens = (type: string, visibilityState = document.visibilityState) => {
      Object.assign(document, { visibilityState })
      document.dispatchEvent(new Event(type))
    }
    happens('visibilitychange', 'hidden')
    page.enter('sounds', 1)
    happens('visibilitychange', 'visible')
    happens('visibilitychange', 'hidden')
    happens('freeze')
    happens('resume')
    unwatch()
    happens('visibilitychange', 'visible')
    expect(views).toEqual(['hidden', 'visible', 'hidden', 'frozen', 'hidden'])
  })
})
