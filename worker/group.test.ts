import { describe, expect, test } from 'vitest'
import type { Turn } from '../src/bridge.js'
import { settled } from './fakes/deferred.js'
import { entry, storageDefaults } from './fakes/journal.js'
import type { Joining } from './group.js'
import { Groups } from './groups.js'
import { COMMIT_PAUSE_MS, Journal } from './journal.js'
import { Disk } from './simulation/disk.js'
import { Process } from './simulation/process.js'
import { Timeline } from './simulation/timeline.js'

/** A tab, which answers its turns when the test says so. */
class FakeTab {
  readonly turns: Turn[] = []
  #answer: (offset: number) => void = () => undefined
  #fail: (error: Error) => void = () => undefined

  readonly act = (turn: Turn): Promise<number> => {
    this.turns.push(turn)
    return new Promise((resolve, reject) => {
      this.#answer = resolve
      this.#fail = reject
    })
  }

  /** What it was given, the first entry of each turn. */
  get given(): string[] {
    return this.turns.map(({ texts, gap }) => gap ?? texts[0] ?? 'nothing')
  }

  /** Where it is after the first entry of its newest turn. */
  get begun() {
    const { instance, offset } = this.turns.at(-1)!.from
    return { instance, offset: offset + 1 }
  }

  /** The first entry of its newest turn is handled, or the gap. */
  async handle(): Promise<void> {
    const { gap, from } = this.turns.at(-1)!
    await this.answer(gap ? from.offset : from.offset + 1)
  }

  async answer(offset: number): Promise<void> {
    this.#answer(offset)
    await settled()
  }

  async fail(): Promise<void> {
    this.#fail(new Error('the page is broken'))
    await settled()
  }
}

/** Time and a disk, and runs of the hub on them. */
const setUp = () => {
  const timeline = new Timeline()
  const disk = new Disk(timeline, () => undefined)
  let runs = 0
  const start = async () => {
    const process = new Process(timeline)
    const journal = new Journal({
      store: disk.connect(process),
      options: storageDefaults,
      clock: process,
      instance: `run ${++runs}`,
      commitPauseMs: COMMIT_PAUSE_MS,
      changed: () => groups.wake(),
      needed: () => Math.min(...groups.positions.map(({ offset }) => offset)),
      superseded: () => undefined,
    })
    const groups: Groups = new Groups(journal, process)
    const loading = journal.load()
    await timeline.advance(10)
    await loading
    return {
      journal,
      groups,
      process,
      append: async (...names: readonly string[]) => {
        journal.append(names.map(entry), null)
        await timeline.advance(10)
      },
      join: async (tab: FakeTab, how: Partial<Joining> & { group?: string } = {}) => {
        const { group = 'all', begun = null, view = 'visible', hasLost = false } = how
        groups.set(tab, [{ group, begun }], { act: tab.act, view, hasLost })
        await timeline.advance(10)
      },
      leave: async (tab: FakeTab) => {
        groups.remove(tab)
        await timeline.advance(10)
      },
      /** The worker dies at once. */
      kill: () => {
        process.end()
        disk.abandon(process, false)
      },
    }
  }
  return { disk, start, now: () => timeline.now(), wait: (ms: number) => timeline.advance(ms) }
}

type Run = Awaited<ReturnType<ReturnType<typeof setUp>['start']>>

/** A run with a group in which these tabs are. */
const withTabs = async (...views: readonly Joining['view'][]) => {
  const world = setUp()
  const run = await world.start()
  const tabs = views.map(() => new FakeTab())
  for (const [index, tab] of tabs.entries()) await run.join(tab, { view: views[index]! })
  return { ...world, run, tabs: tabs as [FakeTab, FakeTab, FakeTab] }
}

describe('of several members', () => {
  test('one gets what comes, and gets one event at a time', async () => {
    const { run, wait, tabs } = await withTabs('visible', 'visible', 'visible')
    await run.append('a', 'b')
    expect(tabs.map(({ given }) => given)).toEqual([[], [], ['a']])
    await tabs[2].handle()
    await wait(10)
    expect(tabs.map(({ given }) => given)).toEqual([[], [], ['a', 'b']])
  })

  test('one that is seen goes before one that is not, whoever came last', async () => {
    const { run, tabs } = await withTabs('hidden', 'visible', 'hidden')
    await run.append('a')
    expect(tabs[1].given).toEqual(['a'])
  })

  test('one that comes to be seen has the next turn', async () => {
    const { run, wait, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    await run.join(tabs[1], { view: 'hidden' })
    await run.join(tabs[0], { view: 'visible' })
    await tabs[1].handle()
    await run.append('b')
    await wait(10)
    expect([tabs[0].given, tabs[1].given]).toEqual([['b'], ['a']])
  })

  test('of two that are seen, the one that has had a turn has the next one too', async () => {
    const { run, tabs } = await withTabs('visible')
    const second = new FakeTab()
    await run.append('a')
    await tabs[0].handle()
    await run.join(second)
    await run.append('b')
    expect([tabs[0].given, second.given]).toEqual([['a', 'b'], []])
  })

  test('none has a turn while there is nothing to handle', async () => {
    const { tabs } = await withTabs('visible', 'hidden')
    expect(tabs.flatMap(({ turns }) => turns)).toEqual([])
  })
})

describe('a member that goes', () => {
  test('leaves its turn to another one', async () => {
    const { run, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    await run.leave(tabs[1])
    expect(tabs[0].given).toEqual(['a'])
  })

  test('after it has answered leaves nothing', async () => {
    const { run, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    await tabs[1].handle()
    await run.leave(tabs[1])
    await run.append('b')
    expect(tabs[0].given).toEqual(['b'])
  })

  test('may be the last: the next one goes on from there', async () => {
    const { run, tabs } = await withTabs('visible')
    await run.append('a')
    await tabs[0].handle()
    await run.leave(tabs[0])
    await run.append('b', 'c')
    const next = new FakeTab()
    await run.join(next)
    expect(next.given).toEqual(['b'])
  })

  test('answers with an error, and is not asked again', async () => {
    const { run, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    await tabs[1].fail()
    expect([tabs[0].given, tabs[1].given]).toEqual([['a'], ['a']])
  })
})

describe('a member that does not answer', () => {
  test('has 10 s, and then another one has its turn', async () => {
    const { run, wait, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    await wait(9_900)
    expect(tabs[0].given).toEqual([])
    await wait(200)
    expect(tabs[0].given).toEqual(['a'])
  })

  test('must not begin after 5 s, which leaves as much for its handlers', async () => {
    const { run, now, tabs } = await withTabs('visible')
    await run.append('a')
    const { until } = tabs[0].turns[0]!
    expect(until - now()).toBeGreaterThan(4_900)
    expect(until - now()).toBeLessThanOrEqual(5_000)
  })

  test('is not waited for again with what comes next', async () => {
    const { run, wait, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    await wait(10_100)
    await tabs[0].handle()
    await run.append('b')
    expect(tabs[0].given).toEqual(['a', 'b'])
  })

  test('says nothing by a late answer but that it is there', async () => {
    const { run, wait, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    await wait(10_100)
    await tabs[1].handle()
    await tabs[0].handle()
    await run.append('b')
    await wait(10)
    expect([tabs[0].given, tabs[1].given]).toEqual([['a'], ['a', 'b']])
  })

  test.each([0, 1])('and is the only one is asked again once it answers: %s', async (late) => {
    const { run, wait, tabs } = await withTabs('visible')
    await run.append('a')
    await wait(60_000)
    expect(tabs[0].given).toEqual(['a'])
    await tabs[0].answer(late)
    expect(tabs[0].given).toEqual(['a', 'a'])
    await tabs[0].handle()
    await run.append('b')
    expect(tabs[0].given).toEqual(['a', 'a', 'b'])
  })

  test('is not chosen if it has said that it freezes', async () => {
    const { run, wait, tabs } = await withTabs('frozen', 'hidden')
    await run.append('a')
    expect(tabs[1].given).toEqual(['a'])
    await run.leave(tabs[1])
    await wait(60_000)
    expect(tabs[0].given).toEqual([])
    await run.join(tabs[0], { view: 'hidden' })
    expect(tabs[0].given).toEqual(['a'])
  })

  test('loses no turn by a machine that sleeps', async () => {
    const { run, wait, tabs } = await withTabs('hidden', 'visible')
    await run.append('a')
    run.process.stall()
    await wait(3_600_000)
    run.process.resume()
    await wait(1)
    await tabs[1].handle()
    await run.append('b')
    expect([tabs[0].given, tabs[1].given]).toEqual([[], ['a', 'b']])
  })
})

describe('a turn', () => {
  test('has one entry, and more where those before were of no interest', async () => {
    const { run, wait, tabs } = await withTabs('visible')
    await run.append('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')
    for (let turn = 0; turn < 3; turn++) {
      const { from, texts } = tabs[0].turns.at(-1)!
      await tabs[0].answer(from.offset + texts.length)
      await wait(10)
    }
    expect(tabs[0].turns.map(({ texts }) => texts.join(''))).toEqual(['a', 'bc', 'defg', 'hi'])
    await tabs[0].handle()
    await wait(10)
    expect(tabs[0].turns.at(-1)!.texts).toEqual(['i'])
  })

  test('goes on before the entry that the tab has not come to', async () => {
    const { run, tabs } = await withTabs('visible')
    await run.append('a')
    await tabs[0].answer(-1)
    await tabs[0].answer(0)
    expect(tabs[0].given).toEqual(['a', 'a', 'a'])
  })

  test.each([2, -1, 0.5, Number.NaN, '1', undefined])(
    'is not over by an answer that is none: %s',
    async (answer) => {
      const { run, tabs } = await withTabs('visible')
      await run.append('a')
      await tabs[0].answer(answer as number)
      expect(tabs[0].given).toEqual(['a', 'a'])
    },
  )

  test('comes when the position before it is on disk, and not sooner', async () => {
    const { disk, run, wait, tabs } = await withTabs('visible')
    await run.append('a', 'b')
    disk.fault = 'slow'
    await tabs[0].handle()
    await wait(390)
    expect(tabs[0].given).toEqual(['a'])
    await wait(30)
    expect(tabs[0].given).toEqual(['a', 'b'])
  })

  test('comes all the same where there is no disk', async () => {
    const { disk, run, wait, tabs } = await withTabs('visible')
    disk.fault = 'fail'
    await run.append('a', 'b')
    await tabs[0].handle()
    await wait(10)
    expect(tabs[0].given).toEqual(['a', 'b'])
  })

  test('does not begin in a group that is closed', async () => {
    const { run, wait, tabs } = await withTabs('visible')
    await run.append('a', 'b')
    run.groups.close()
    await tabs[0].handle()
    await wait(10)
    expect(tabs[0].given).toEqual(['a'])
  })
})

describe('groups of other names', () => {
  test('have positions of their own', async () => {
    const { run, tabs } = await withTabs('visible')
    const other = new FakeTab()
    await run.append('a')
    await tabs[0].handle()
    await run.join(other, { group: 'other' })
    await run.append('b')
    expect([tabs[0].given, other.given]).toEqual([['a', 'b'], ['b']])
  })

  test('may have the same tab, each with a turn of its own', async () => {
    const { run, tabs } = await withTabs('visible')
    const sounds = new FakeTab()
    const [tab] = tabs
    const memberships = ['all', 'sounds'].map((group) => ({ group, begun: null }))
    const act = (turn: Turn) => (turn.group === 'all' ? tab : sounds).act(turn)
    run.groups.set(tab, memberships, { act, view: 'visible', hasLost: false })
    await run.append('a')
    expect([tab.given, sounds.given]).toEqual([['a'], ['a']])
  })

  test('are left by a tab that no longer names them', async () => {
    const { run, tabs } = await withTabs('visible')
    run.groups.set(tabs[0], [], { act: tabs[0].act, view: 'visible', hasLost: false })
    await run.append('a')
    expect(tabs[0].given).toEqual([])
  })

  test('are 32 at the most; of those without a member the one goes that has moved first', async () => {
    const { run, tabs } = await withTabs()
    const tab = tabs[0] ?? new FakeTab()
    for (let index = 1; index <= 32; index++) await run.join(tab, { group: `group ${index}` })
    await run.join(tab, { group: 'one more' })
    const names = [...run.journal.groups.keys()]
    expect([names.length, names[0], names.at(-1)]).toEqual([32, 'group 2', 'one more'])
    const all = names.map((group) => ({ group, begun: null }))
    run.groups.set(tab, all, { act: tab.act, view: 'visible', hasLost: false })
    expect(() =>
      run.groups.set(new FakeTab(), [{ group: 'too many', begun: null }], {
        act: tab.act,
        view: 'visible',
        hasLost: false,
      }),
    ).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
  })
})

describe('where a group is', () => {
  test('is the end of the journal when it is new', async () => {
    const run = await setUp().start()
    const tab = new FakeTab()
    await run.append('before')
    await run.join(tab)
    await run.append('a')
    expect(tab.given).toEqual(['a'])
  })

  /** The next run of the hub, once the tabs of the one before have had the time to come. */
  const restarted = async ({ start }: Pick<ReturnType<typeof setUp>, 'start'>, run: Run) => {
    run.kill()
    return start()
  }

  test('survives the worker', async () => {
    const world = await withTabs('visible')
    await world.run.append('a', 'b')
    await world.tabs[0].handle()
    await world.wait(10)
    const next = await restarted(world, world.run)
    const tab = new FakeTab()
    await next.join(tab)
    await world.wait(1_000)
    expect(tab.given).toEqual(['b'])
  })

  test('survives the worker where nothing has been handled yet', async () => {
    const world = await withTabs('visible')
    await world.run.leave(world.tabs[0])
    await world.run.append('a')
    const next = await restarted(world, world.run)
    const tab = new FakeTab()
    await next.join(tab)
    await world.wait(1_000)
    expect(tab.given).toEqual(['a'])
  })

  test('is not known of an event whose tab lives: that one is asked first, hidden or not', async () => {
    const world = await withTabs('visible')
    const [tab] = world.tabs
    await world.run.append('a')
    world.disk.fault = 'slow'
    await tab.handle()
    world.disk.fault = 'none'
    const { begun } = tab
    const next = await restarted(world, world.run)
    const other = new FakeTab()
    await next.join(other)
    await world.wait(900)
    expect(other.given).toEqual([])
    await next.join(tab, { begun, view: 'hidden' })
    expect([other.given, tab.given]).toEqual([[], ['a', 'a']])
    await tab.handle()
    await next.append('b')
    expect([other.given, tab.given]).toEqual([['b'], ['a', 'a']])
  })

  test('waits for no tab that was there before longer than 1 s', async () => {
    const world = await withTabs('visible')
    await world.run.append('a')
    const next = await restarted(world, world.run)
    const tab = new FakeTab()
    await next.join(tab)
    await world.wait(980)
    expect(tab.given).toEqual([])
    await world.wait(20)
    expect(tab.given).toEqual(['a'])
  })

  test('is that of the disk if a tab has begun with what is handled already', async () => {
    const world = await withTabs('visible')
    const [tab] = world.tabs
    await world.run.append('a', 'b')
    await tab.handle()
    const { begun } = tab
    await world.wait(10)
    const next = await restarted(world, world.run)
    await next.join(tab, { begun })
    await world.wait(900)
    expect(tab.given).toEqual(['a', 'b'])
  })

  test('is older than the journal reaches: the member is told, once', async () => {
    const { run, wait, tabs } = await withTabs('visible')
    await run.leave(tabs[0])
    await run.append(...Array.from({ length: 2_700 }, (_, index) => `entry ${index + 1}`))
    await run.join(tabs[0])
    expect(tabs[0].turns).toMatchObject([{ gap: 'journal_exceeded' }])
    await tabs[0].handle()
    await wait(10)
    expect(tabs[0].turns[1]).toMatchObject({ gap: null, texts: ['entry 653'] })
  })

  test('is told to be lost if a member knows that it is, once in a run', async () => {
    const { run, wait, tabs } = await withTabs('visible')
    const [one, two] = [new FakeTab(), new FakeTab()]
    await run.join(one, { hasLost: true })
    await run.join(two, { hasLost: true })
    await one.handle()
    await run.append('a')
    await wait(10)
    expect([tabs[0].given, one.given, two.given]).toEqual([[], ['journal_lost', 'a'], []])
  })

  test('is told to be lost if what is on disk is damaged', async () => {
    const world = await withTabs('visible')
    await world.run.append('a')
    world.disk.garble('group', 2)
    const next = await restarted(world, world.run)
    const tab = new FakeTab()
    await next.join(tab)
    await world.wait(1_000)
    expect(tab.given).toEqual(['journal_lost'])
  })
})
