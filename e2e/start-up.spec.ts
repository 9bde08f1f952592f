// Tabs that start: several at once, before the journal is there, and with a token that never comes.
import type { Page } from '@playwright/test'
import type { PageOptions } from './app/app.js'
import { databaseOf, expect, holdDatabase, keepPosting, postAll, test, texts, type Tab } from './fixtures.js'

test.use({ pageOptions: { agent: 'alice' } })

/** Leaves the page, so that this tab has nothing but its position. */
const leave = async (tab: Tab): Promise<string> => {
  const address = tab.page.url()
  await tab.page.goto('about:blank')
  return address
}

for (const count of [2, 6]) {
  test(`${count} tabs that start at the same moment share one socket, and each gets everything once`, async ({
    relay,
    openTab,
  }) => {
    const posting = keepPosting(relay)
    const tabs = await Promise.all(Array.from({ length: count }, () => openTab({ from: 'journal' })))
    await Promise.all(tabs.map((tab) => tab.ready()))
    await posting.reached(posting.count() + 60)
    const all = posting.stop()
    for (const tab of tabs) await expect.poll(async () => (await tab.texts()).at(-1)).toBe(all.at(-1))
    // All start at the beginning of the journal, so they got the same: all that came over the only socket.
    const [first = [], ...others] = await Promise.all(tabs.map((tab) => tab.texts()))
    expect(first).toEqual(all.slice(-first.length))
    for (const other of others) expect(other).toEqual(first)
    for (const tab of tabs) await expect.poll(async () => (await tab.status()).tabs).toBe(count)
    expect(relay.socketChanges('alice')).toHaveLength(1)
  })
}

/** Calls `connect` in a page that has been loaded without: nothing but this takes time then. */
const start = (page: Page, address: string, more: Partial<PageOptions> = {}) =>
  page.evaluate(
    ([from, options]) => {
      const asked = JSON.parse(new URL(from).searchParams.get('options')!)
      globalThis.app.relay = globalThis.app.open({ ...asked, ...options })
    },
    [address, more] as const,
  )

test('tabs that attach while the journal still loads get everything once', async ({
  relay,
  appUrl,
  context,
  openTab,
  tabOf,
}) => {
  const tabs = await Promise.all([openTab(), openTab()])
  const [one, two] = tabs
  const address = one.page.url()
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('before', 1, 50))
  await expect(tabs).toHaveReceivedExactlyOnce(texts('before', 1, 50))
  const late = tabOf(await context.newPage())
  for (const { page } of [...tabs, late]) await page.goto(appUrl)
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  const release = await holdDatabase(context, appUrl, databaseOf(relay))
  postAll(relay, texts('missed', 1, 20))
  // The journal waits for 5 s at most. Nothing from here to the release waits for anything.
  await Promise.all([
    start(one.page, address),
    start(two.page, address),
    start(late.page, address, { from: { last: 10 } }),
  ])
  postAll(relay, texts('during', 1, 10))
  for (const tab of [...tabs, late]) expect((await tab.status()).state).toBe('starting')
  expect(relay.sockets('alice')).toHaveLength(0)
  await release()
  await Promise.all([...tabs, late].map((tab) => tab.ready()))
  postAll(relay, texts('after', 1, 10))
  const newer = [...texts('missed', 1, 20), ...texts('during', 1, 10), ...texts('after', 1, 10)]
  await expect(tabs).toHaveReceivedExactlyOnce([...texts('before', 1, 50), ...newer])
  await expect(late).toHaveReceivedExactlyOnce([...texts('before', 41, 50), ...newer])
  for (const tab of [...tabs, late]) {
    await expect.poll(async () => (await tab.status()).persistence).toEqual({ mode: 'disk' })
    expect(await tab.gaps()).toEqual([])
  }
})

test('a journal that does not load in time is told, and the disk is used again when it can be', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('before', 1, 50))
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 50))
  const address = await leave(tab)
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  const release = await holdDatabase(context, appUrl, databaseOf(relay))
  await tab.page.goto(address)
  await tab.ready()
  const { persistence } = await tab.status()
  expect(persistence).toEqual({ mode: 'memory', reason: expect.stringContaining('5000 ms') })
  postAll(relay, texts('memory', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 50), ...texts('memory', 1, 20)])
  expect(await tab.gaps()).toContain('journal_lost')
  await release()
  await expect.poll(async () => (await tab.status()).persistence).toEqual({ mode: 'disk' })
  postAll(relay, texts('disk', 1, 20))
  const all = [...texts('before', 1, 50), ...texts('memory', 1, 20), ...texts('disk', 1, 20)]
  await expect(tab).toHaveReceivedExactlyOnce(all)
  // What came while there was no disk is there as well: another tab can read it, from another worker.
  const again = await leave(tab)
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  await tab.page.goto(again)
  const other = await openTab({ from: 'journal' })
  await expect(other).toHaveReceivedExactlyOnce([...texts('memory', 1, 20), ...texts('disk', 1, 20)])
  await expect(tab).toHaveReceivedExactlyOnce(all)
})

/** Waits until this tab has been asked for the token. */
const asked = (tab: Tab) => expect.poll(() => tab.page.evaluate(() => globalThis.app.tokensAsked)).toBe(1)

/** A token that no test waits for. */
const NEVER_MS = 3_600_000
/** The hub asks the next tab by itself after 10 s: what is tested is that it does not have to. */
const BEFORE_DEADLINE = { timeout: 8_000 }

test('the tab that was asked for the token is closed in mid-answer, and another is asked', async ({
  relay,
  openTab,
}) => {
  const staying = await openTab({ tokenDelayMs: 0 })
  await staying.ready()
  const closing = await openTab({ tokenDelayMs: NEVER_MS })
  await closing.ready()
  relay.cut('alice')
  await asked(closing)
  await closing.page.close()
  await expect(relay).toHaveOneSocket('alice', BEFORE_DEADLINE)
  postAll(relay, texts('after', 1, 3))
  await expect(staying).toHaveReceivedExactlyOnce(texts('after', 1, 3))
})

test('the first tab is closed before it has answered, and the one that waits with it is asked', async ({
  relay,
  openTab,
}) => {
  const closing = await openTab({ tokenDelayMs: NEVER_MS })
  await asked(closing)
  const waiting = await openTab({ tokenDelayMs: 0 })
  await expect.poll(async () => (await waiting.status()).tabs).toBe(2)
  await closing.page.close()
  await expect(relay).toHaveOneSocket('alice', BEFORE_DEADLINE)
  await waiting.ready()
  postAll(relay, texts('after', 1, 3))
  await expect(waiting).toHaveReceivedExactlyOnce(texts('after', 1, 3))
})

test('the tab that was asked for the token crashes in mid-answer, and another is asked', async ({
  relay,
  openTab,
  crashTab,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'only Chromium’s protocol can crash a page')
  const staying = await openTab({ tokenDelayMs: 0 })
  await staying.ready()
  const crashing = await openTab({ tokenDelayMs: NEVER_MS })
  await crashing.ready()
  relay.cut('alice')
  await asked(crashing)
  await crashTab(crashing)
  await expect(relay).toHaveOneSocket('alice', BEFORE_DEADLINE)
  postAll(relay, texts('after', 1, 3))
  await expect(staying).toHaveReceivedExactlyOnce(texts('after', 1, 3))
})
