// Deployments: builds of the app with files of other names, on one origin, and so workers of their own.
import { readdirSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { ReferenceRelay } from 'tabmux/testing'
import { databaseOf, expect, keepPosting, test, type Tab } from './fixtures.js'

/** Whenever a socket was opened, the one before it had been closed: a hub lets go of it before it gives way. */
const expectOneSocketAtATime = (relay: ReferenceRelay): void => {
  const opened = relay.socketChanges('alice').filter(({ change }) => change === 'opened')
  expect(opened.map(({ others }) => others)).toEqual(opened.map(() => 0))
}

/** For how long the agent had no socket while it was handed over, in milliseconds. Negative: it had two that long. */
const pauses = (relay: ReferenceRelay): number[] => {
  const changes = relay.socketChanges('alice')
  const times = (wanted: string) => changes.flatMap(({ change, at }) => (change === wanted ? at : []))
  const closed = times('closed')
  return times('opened')
    .slice(1)
    .map((at, index) => at - (closed[index] ?? at))
}

/** Notes when this tab leaves its hub and when it is at another one. */
const watchMove = (page: Page) =>
  page.evaluate(() => {
    const moves: { state: string; instance: string | null; at: number }[] = []
    globalThis.app.relay!.on.status(({ state, instance }) => moves.push({ state, instance, at: Date.now() }))
    Object.assign(globalThis, { moves })
  })

/** How long this tab was without a connection while it moved, in milliseconds. */
const moveTime = (page: Page) =>
  page.evaluate(() => {
    const moves: { state: string; instance: string | null; at: number }[] = Reflect.get(globalThis, 'moves')
    const left = moves.find(({ state }) => state === 'starting')
    const there = moves.find(({ state, at }) => state === 'connected' && left && at >= left.at)
    return left && there ? there.at - left.at : null
  })

/** Says what was measured: times are no matter of pass or fail. */
const report = (what: string): void => {
  test.info().annotations.push({ type: 'measured', description: what })
  console.log(`  ${test.info().project.name}: ${what}`)
}

/** A tab that started in mid-stream has got the end of it, without a hole and without a repetition. */
const expectEndOf = async (all: readonly string[], tab: Tab): Promise<void> => {
  await expect.poll(async () => (await tab.texts()).at(-1)).toBe(all.at(-1))
  const texts = await tab.texts()
  expect(texts).toEqual(all.slice(-texts.length))
}

const expectNoGap = async (...tabs: readonly Tab[]): Promise<void> => {
  for (const tab of tabs) expect(await tab.gaps()).toEqual([])
}

const codesOf = async (tab: Tab): Promise<unknown[]> =>
  (await tab.received('error')).map(({ event }) => (event as { code: string }).code)

const instancesOf = async (tabs: readonly Tab[]) =>
  new Set(await Promise.all(tabs.map(async (tab) => (await tab.status()).instance)))

test('a newer build takes over, and the tabs of the older one go with it without losing or repeating anything', async ({
  relay,
  openTab,
}) => {
  const old = await Promise.all([
    openTab({ build: 'one' }),
    openTab({ build: 'one' }),
    openTab({ build: 'one' }),
  ])
  await Promise.all(old.map((tab) => tab.ready()))
  const [before] = await instancesOf(old)
  await Promise.all(old.map(({ page }) => watchMove(page)))
  const posting = keepPosting(relay)
  await posting.reached(60)
  const newer = await openTab({ build: 'two' })
  await newer.ready()
  await posting.reached(200)
  const all = posting.stop()
  await expect(old).toHaveReceivedExactlyOnce(all)
  await expectEndOf(all, newer)
  for (const tab of [...old, newer]) await expect.poll(async () => (await tab.status()).tabs).toBe(4)
  const instances = await instancesOf([...old, newer])
  expect(instances.size).toBe(1)
  expect(instances).not.toContain(before)
  await expectNoGap(...old, newer)
  await expect(relay).toHaveOneSocket('alice')
  const times = await Promise.all(old.map(({ page }) => moveTime(page)))
  report(`tabs moved in ${times.join(', ')} ms; no socket for ${pauses(relay).join()} ms`)
  expectOneSocketAtATime(relay)
})

test('a tab that moved goes on where it was after a reload', async ({ relay, openTab }) => {
  const old = await openTab({ build: 'one', lifetime: 'extended' })
  await old.ready()
  const posting = keepPosting(relay)
  await posting.reached(40)
  const newer = await openTab({ build: 'two' })
  await newer.ready()
  await posting.reached(80)
  await old.page.reload()
  await posting.reached(120)
  const all = posting.stop()
  await expect(old).toHaveReceivedExactlyOnce(all)
  await expectEndOf(all, newer)
  await expect(relay).toHaveOneSocket('alice')
  expectOneSocketAtATime(relay)
})

test('two builds that start at the same moment end in one worker', async ({ relay, openTab }) => {
  const tabs = await Promise.all([openTab({ build: 'one' }), openTab({ build: 'two' })])
  await Promise.all(tabs.map((tab) => tab.ready()))
  for (const tab of tabs) await expect.poll(async () => (await tab.status()).tabs).toBe(2)
  expect((await instancesOf(tabs)).size).toBe(1)
  await expect(relay).toHaveOneSocket('alice')
  expectOneSocketAtATime(relay)
})

for (const lifetime of ['short', 'extended'] as const) {
  test(`the newer build goes away again, and the tabs of the older one go on, with workers of ${lifetime} lifetime`, async ({
    relay,
    openTab,
  }) => {
    const old = await Promise.all([openTab({ build: 'one', lifetime }), openTab({ build: 'one', lifetime })])
    await Promise.all(old.map((tab) => tab.ready()))
    const posting = keepPosting(relay)
    await posting.reached(40)
    const newer = await openTab({ build: 'two', lifetime })
    await newer.ready()
    for (const tab of old) await expect.poll(async () => (await tab.status()).tabs).toBe(3)
    await newer.page.close()
    await posting.reached(posting.count() + 80)
    for (const tab of old) await expect.poll(async () => (await tab.status()).tabs).toBe(2)
    // Somebody opens the app once more.
    const again = await openTab({ build: 'two', lifetime })
    await again.ready()
    await posting.reached(posting.count() + 40)
    const all = posting.stop()
    await expect(old).toHaveReceivedExactlyOnce(all)
    await expectEndOf(all, again)
    for (const tab of [...old, again]) await expect.poll(async () => (await tab.status()).tabs).toBe(3)
    await expectNoGap(...old, again)
    await expect(relay).toHaveOneSocket('alice')
  })
}

test('three deployments in a row, tabs of all of them open', async ({ relay, openTab }) => {
  test.slow() // six tabs, opened in turns, each of which may take seconds on a busy machine
  const first = await Promise.all([openTab({ build: 'one' }), openTab({ build: 'one' })])
  await Promise.all(first.map((tab) => tab.ready()))
  const posting = keepPosting(relay)
  await posting.reached(40)
  const second = await Promise.all([openTab({ build: 'two' }), openTab({ build: 'two' })])
  await Promise.all(second.map((tab) => tab.ready()))
  await posting.reached(posting.count() + 40)
  const third = await Promise.all([openTab({ build: 'three' }), openTab({ build: 'three' })])
  await Promise.all(third.map((tab) => tab.ready()))
  await posting.reached(posting.count() + 40)
  const all = posting.stop()
  await expect(first).toHaveReceivedExactlyOnce(all)
  for (const tab of [...second, ...third]) await expectEndOf(all, tab)
  const tabs = [...first, ...second, ...third]
  for (const tab of tabs) await expect.poll(async () => (await tab.status()).tabs).toBe(6)
  expect((await instancesOf(tabs)).size).toBe(1)
  await expectNoGap(...tabs)
  report(`three deployments: no socket for ${pauses(relay).join(', ')} ms`)
  expectOneSocketAtATime(relay)
})

test('a build of another bridge takes over, and the tabs of the older one are told that they are outdated', async ({
  relay,
  openTab,
}) => {
  const old = await Promise.all([openTab({ build: 'one' }), openTab({ build: 'one' })])
  await Promise.all(old.map((tab) => tab.ready()))
  const posting = keepPosting(relay)
  await posting.reached(40)
  const newer = await openTab({ build: 'next-bridge' })
  await newer.ready()
  for (const tab of old) await expect.poll(() => codesOf(tab)).toEqual(['outdated'])
  await posting.reached(posting.count() + 40)
  const all = posting.stop()
  await expectEndOf(all, newer)
  expect((await newer.status()).tabs).toBe(1)
  for (const tab of old) {
    expect((await tab.status()).state).toBe('starting')
    // What it got is the beginning, and there is nothing missing in it.
    const texts = await tab.texts()
    expect(texts).toEqual(all.slice(0, texts.length))
  }
  await expect(relay).toHaveOneSocket('alice')
  expectOneSocketAtATime(relay)
})

test('an app that loads the new build when it is outdated goes on where it was', async ({
  relay,
  openTab,
}) => {
  const old = await Promise.all([openTab({ build: 'one' }), openTab({ build: 'one' })])
  await Promise.all(old.map((tab) => tab.ready()))
  for (const { page } of old) {
    await page.evaluate(() => {
      globalThis.app.relay!.on.error(({ code }) => {
        if (code === 'outdated') location.replace(location.href.replace('/one/', '/next-bridge/'))
      })
    })
  }
  const posting = keepPosting(relay)
  await posting.reached(40)
  const newer = await openTab({ build: 'next-bridge' })
  await newer.ready()
  for (const { page } of old) await page.waitForURL(/\/next-bridge\//)
  await posting.reached(posting.count() + 60)
  const all = posting.stop()
  await expect(old).toHaveReceivedExactlyOnce(all)
  await expectEndOf(all, newer)
  for (const tab of [...old, newer]) await expect.poll(async () => (await tab.status()).tabs).toBe(3)
  await expectNoGap(...old, newer)
  expectOneSocketAtATime(relay)
})

test('a page of an older bridge that starts while a newer one runs is outdated, and the newer one stays', async ({
  relay,
  openTab,
}) => {
  const newer = await openTab({ build: 'next-bridge' })
  await newer.ready()
  const posting = keepPosting(relay)
  await posting.reached(40)
  const stale = await openTab({ build: 'one' })
  const ended = await stale.page.evaluate(() =>
    globalThis.app.relay!.ready.then(
      () => 'ready',
      ({ code }: { code: string }) => code,
    ),
  )
  await posting.reached(posting.count() + 40)
  const all = posting.stop()
  expect(ended).toBe('outdated')
  expect(await codesOf(stale)).toEqual(['outdated'])
  await expect(newer).toHaveReceivedExactlyOnce(all)
  expect(await codesOf(newer)).toEqual([])
  expect(relay.socketChanges('alice')).toHaveLength(1)
})

test('a newer worker that dies before anybody has moved to it does not keep pages of its build out', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const old = await openTab({ build: 'one', agent: 'alice' })
  await old.ready()
  const posting = keepPosting(relay)
  await posting.reached(20)
  // All that such a worker has done is to ask for the agent.
  const script = readdirSync(new URL('app/dist/two/assets', import.meta.url)).find((name) =>
    name.startsWith('relay.worker'),
  )
  const url = new URL(`../two/assets/${script}`, appUrl).href
  const page = await context.newPage()
  await page.goto(appUrl)
  await page.evaluate(([channel, address]) => new BroadcastChannel(channel).postMessage(address), [
    databaseOf(relay),
    { bridge: 1, url, name: 'tabmux-short' },
  ] as const)
  await page.close()
  await expect.poll(() => relay.socketChanges('alice').length).toBe(3)
  await posting.reached(posting.count() + 20)
  const newer = await openTab({ build: 'two', agent: 'alice' })
  await expect.poll(async () => (await newer.status()).state).toBe('connected')
  await posting.reached(posting.count() + 20)
  const all = posting.stop()
  await expect(old).toHaveReceivedExactlyOnce(all)
  await expectEndOf(all, newer)
  expect(await codesOf(newer)).toEqual([])
})
