// How often the journal commits, on a simulated disk whose transactions take 1 ms, in simulated time.
import { describe, expect, test } from 'vitest'
import { entry, storageDefaults } from './fakes/journal.js'
import { COMMIT_PAUSE_MS, Journal } from './journal.js'
import { Disk } from './simulation/disk.js'
import { Process } from './simulation/process.js'
import { Timeline } from './simulation/timeline.js'

const TRANSACTION_MS = 1

/** A journal that has been loaded, and the sizes of the groups that it has committed since. */
const setUp = async (commitPauseMs = COMMIT_PAUSE_MS) => {
  const timeline = new Timeline()
  const disk = new Disk(timeline, () => undefined)
  const process = new Process(timeline)
  const groups: number[] = []
  let committed = 0
  const journal = new Journal({
    store: disk.connect(process),
    options: storageDefaults,
    clock: process,
    instance: 'run 1',
    commitPauseMs,
    changed: () => {
      groups.push(journal.range.last - committed)
      committed = journal.range.last
    },
    needed: () => Number.POSITIVE_INFINITY,
    superseded: () => undefined,
  })
  const loading = journal.load()
  await timeline.advance(10 * TRANSACTION_MS)
  await loading
  groups.length = 0
  const append = (count: number) =>
    journal.append(
      Array.from({ length: count }, (_, index) => entry(`entry ${index}`)),
      null,
    )
  return { journal, disk, timeline, groups, append }
}

describe('entries that come', () => {
  test('after a while are committed at once', async () => {
    const { timeline, groups, append } = await setUp()
    append(1)
    await timeline.advance(TRANSACTION_MS)
    expect(groups).toEqual([1])
    await timeline.advance(COMMIT_PAUSE_MS - TRANSACTION_MS)
    append(1)
    await timeline.advance(TRANSACTION_MS)
    expect(groups).toEqual([1, 1])
  })

  test('soon after others wait for the end of the pause, and are committed together', async () => {
    const { timeline, groups, append } = await setUp()
    append(1)
    await timeline.advance(TRANSACTION_MS)
    append(2)
    await timeline.advance(COMMIT_PAUSE_MS - TRANSACTION_MS - 1)
    append(3)
    expect(groups).toEqual([1])
    await timeline.advance(1 + TRANSACTION_MS)
    expect(groups).toEqual([1, 5])
  })

  test('while a transaction takes longer than the pause are committed when it is done', async () => {
    const { disk, timeline, groups, append } = await setUp()
    disk.fault = 'slow'
    append(1)
    await timeline.advance(COMMIT_PAUSE_MS)
    disk.fault = 'none'
    append(2)
    await timeline.advance(400)
    expect(groups).toEqual([1, 2])
  })

  test('in a flood do not wait, as they fill a group', async () => {
    const { timeline, groups, append } = await setUp()
    append(1)
    await timeline.advance(TRANSACTION_MS)
    append(1_023)
    await timeline.advance(TRANSACTION_MS)
    expect(groups).toEqual([1])
    append(1)
    await timeline.advance(TRANSACTION_MS)
    expect(groups).toEqual([1, 1_024])
  })

  test('before the journal is closed are left to the relay if they still wait', async () => {
    const { journal, timeline, groups, append } = await setUp()
    append(1)
    await timeline.advance(TRANSACTION_MS)
    append(1)
    journal.close()
    await timeline.advance(COMMIT_PAUSE_MS)
    expect(groups).toEqual([1])
  })

  test('on a disk that was cleared are written again without a pause', async () => {
    const { journal, disk, timeline, groups, append } = await setUp()
    append(1)
    await timeline.advance(COMMIT_PAUSE_MS)
    disk.clear()
    append(1)
    await timeline.advance(2 * TRANSACTION_MS)
    expect(groups).toEqual([1, 1])
    expect(journal.persistence).toEqual({ mode: 'disk' })
  })

  test('where there is no pause are committed one by one', async () => {
    const { timeline, groups, append } = await setUp(0)
    for (const _ of [1, 2, 3]) {
      append(1)
      await timeline.advance(TRANSACTION_MS)
    }
    expect(groups).toEqual([1, 1, 1])
  })
})

describe('the position of a consumer group', () => {
  test('does not wait for the end of the pause, and takes the entries along', async () => {
    const { journal, timeline, groups, append } = await setUp()
    append(1)
    await timeline.advance(TRANSACTION_MS)
    append(2)
    const moved = journal.moveGroup('sounds', { instance: 'run 1', offset: 1 })
    await timeline.advance(TRANSACTION_MS)
    await moved
    expect(groups).toEqual([1, 2])
  })

  test('does not make the entries after it wait', async () => {
    const { journal, timeline, groups, append } = await setUp()
    void journal.moveGroup('sounds', { instance: 'run 1', offset: 0 })
    await timeline.advance(TRANSACTION_MS)
    append(1)
    await timeline.advance(TRANSACTION_MS)
    expect(groups).toEqual([0, 1])
  })
})
