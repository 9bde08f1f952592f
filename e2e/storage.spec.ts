// What browsers, users and other pages of the origin do to the storage, with real storage.
import { randomBytes } from 'node:crypto'
import type { BrowserContext, Page } from '@playwright/test'
import type { ReferenceRelay } from 'tabmux/testing'
import { firefox } from './browsers.mjs'
import { databaseOf, expect, holdDatabase, postAll, test, texts, type Tab } from './fixtures.js'

test.use({ pageOptions: { agent: 'alice' } })

/** Another page of the origin, which has no relay. */
const openPlainPage = async (context: BrowserContext, appUrl: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(appUrl)
  return page
}

/** Deletes a database from a page; resolves when that is done. */
const deleteFrom = (page: Page, name: string) =>
  page.evaluate(
    (database) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(database)
        request.addEventListener('success', () => resolve())
        request.addEventListener('error', () => reject(request.error))
      }),
    name,
  )

/** Makes a database of this version in a page, with these records in its store, and lets go of it. */
const makeDatabase = (
  page: Page,
  name: string,
  records: readonly (readonly [key: number | string, value: unknown])[],
  { version = 1, store = 'journal' } = {},
) =>
  page.evaluate(
    ([database, all, at, table]) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(database, at)
        request.addEventListener('upgradeneeded', () => {
          const objects = request.result.createObjectStore(table)
          for (const [key, value] of all) objects.put(value, key)
        })
        request.addEventListener('success', () => {
          request.result.close()
          resolve()
        })
        request.addEventListener('error', () => reject(request.error))
      }),
    [name, records, version, store] as const,
  )

/** The end of this tab's worker, and the tab back again: what it gets then comes from the disk, or from the relay. */
const comeBack = async (tab: Tab, relay: ReferenceRelay, whileAway: () => void): Promise<void> => {
  const address = tab.page.url()
  await tab.page.goto('about:blank')
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  whileAway()
  await tab.page.goto(address)
  await tab.ready()
}

const persistenceOf = async (tab: Tab) => (await tab.status()).persistence

test('the database is deleted under a running hub, which makes a new one', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const tabs = await Promise.all([openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('before', 1, 20))
  await expect(tabs).toHaveReceivedExactlyOnce(texts('before', 1, 20))
  const page = await openPlainPage(context, appUrl)
  await deleteFrom(page, databaseOf(relay))
  postAll(relay, texts('after', 1, 20))
  const all = [...texts('before', 1, 20), ...texts('after', 1, 20)]
  for (const tab of tabs) {
    await expect(tab).toHaveReceivedExactlyOnce(all)
    await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
  }
  await tabs[1]!.page.close()
  await comeBack(tabs[0]!, relay, () => postAll(relay, texts('missed', 1, 5)))
  await expect(tabs[0]!).toHaveReceivedExactlyOnce([...all, ...texts('missed', 1, 5)])
  expect(await tabs[0]!.gaps()).toEqual([])
})

test('the database is deleted while no hub runs, and the tab that comes back is told', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('before', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 20))
  const address = tab.page.url()
  await tab.page.goto('about:blank')
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  const page = await openPlainPage(context, appUrl)
  await deleteFrom(page, databaseOf(relay))
  postAll(relay, texts('missed', 1, 20))
  await tab.page.goto(address)
  await tab.ready()
  postAll(relay, texts('after', 1, 20))
  // Nobody knows any more what came last, so what was missed cannot be asked for: that is what the tab is told.
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 20), ...texts('after', 1, 20)])
  expect(await tab.gaps()).toContain('journal_lost')
  await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
})

test('the site’s databases are cleared under a running hub, which makes a new one', async ({
  relay,
  appUrl,
  openTab,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'only Chromium can be told to clear them')
  const tabs = await Promise.all([openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('before', 1, 20))
  await expect(tabs).toHaveReceivedExactlyOnce(texts('before', 1, 20))
  const session = await tabs[0]!.page.context().newCDPSession(tabs[0]!.page)
  const { origin } = new URL(appUrl)
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  postAll(relay, texts('after', 1, 20))
  const all = [...texts('before', 1, 20), ...texts('after', 1, 20)]
  await expect(tabs).toHaveReceivedExactlyOnce(all)
  for (const tab of tabs) await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
  await tabs[1]!.page.close()
  await comeBack(tabs[0]!, relay, () => postAll(relay, texts('missed', 1, 5)))
  await expect(tabs[0]!).toHaveReceivedExactlyOnce([...all, ...texts('missed', 1, 5)])
  expect(await tabs[0]!.gaps()).toEqual([])
})

for (const [when, quotaSize] of [
  ['from the start', 1],
  ['by what comes', 300_000],
] as const) {
  test(`a quota that is used up ${when} is told, and the disk is used once there is room`, async ({
    relay,
    appUrl,
    openTab,
    context,
    browserName,
  }) => {
    test.skip(browserName !== 'chromium', 'only Chromium’s quota can be set')
    // Chromium keeps in mind for a while how much room there was, so it is set before anything is stored.
    const page = await openPlainPage(context, appUrl)
    const session = await context.newCDPSession(page)
    const { origin } = new URL(appUrl)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize })
    const tab = await openTab()
    await tab.ready()
    // Neither repeats itself: what is stored is compressed.
    const large = texts('large', 1, 80).map((text) => `${text} ${randomBytes(3_000).toString('base64')}`)
    postAll(relay, large)
    await expect(tab).toHaveReceivedExactlyOnce(large)
    await expect
      .poll(() => persistenceOf(tab))
      .toEqual({ mode: 'memory', reason: expect.stringContaining('QuotaExceededError') })
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
    postAll(relay, texts('disk', 1, 5))
    await expect(tab).toHaveReceivedExactlyOnce([...large, ...texts('disk', 1, 5)])
    await comeBack(tab, relay, () => postAll(relay, texts('missed', 1, 5)))
    await expect(tab).toHaveReceivedExactlyOnce([...large, ...texts('disk', 1, 5), ...texts('missed', 1, 5)])
    expect(await tab.gaps()).toEqual([])
  })
}

test('a database of a later version is left alone, the hub says so and goes on in memory', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const page = await openPlainPage(context, appUrl)
  await makeDatabase(page, databaseOf(relay), [['head', 'of a later version']], { version: 99 })
  const tabs = await Promise.all([openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('memory', 1, 20))
  for (const tab of tabs) {
    await expect(tab).toHaveReceivedExactlyOnce(texts('memory', 1, 20))
    expect(await persistenceOf(tab)).toEqual({
      mode: 'memory',
      reason: expect.stringContaining('VersionError'),
    })
  }
  // A tab that reloads reads on, as long as the worker lives.
  await tabs[1]!.page.reload()
  postAll(relay, texts('more', 1, 5))
  await expect(tabs).toHaveReceivedExactlyOnce([...texts('memory', 1, 20), ...texts('more', 1, 5)])
  await deleteFrom(page, databaseOf(relay))
  for (const tab of tabs) await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
  expect(await tabs[0]!.gaps()).toEqual([])
})

test('a database that somebody waits to delete is waited for no longer than a start may take', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const holding = await openPlainPage(context, appUrl)
  const deleting = await openPlainPage(context, appUrl)
  // The one has it open and does not hear that it should let go; the other one's turn is next, then the hub's.
  await makeDatabase(holding, databaseOf(relay), [])
  await holding.evaluate(
    (database) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(database)
        request.addEventListener('success', () => {
          Object.assign(globalThis, { held: request.result })
          resolve()
        })
      }),
    databaseOf(relay),
  )
  await deleting.evaluate(
    (database) =>
      new Promise<void>((resolve) => {
        indexedDB.deleteDatabase(database).addEventListener('blocked', () => resolve())
      }),
    databaseOf(relay),
  )
  const tab = await openTab()
  await tab.ready()
  expect(await persistenceOf(tab)).toEqual({ mode: 'memory', reason: expect.stringContaining('5000 ms') })
  postAll(relay, texts('memory', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce(texts('memory', 1, 20))
  await holding.close()
  await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
  await comeBack(tab, relay, () => postAll(relay, texts('missed', 1, 5)))
  await expect(tab).toHaveReceivedExactlyOnce([...texts('memory', 1, 20), ...texts('missed', 1, 5)])
})

test('a database that is held under a running hub is told, and used again', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('before', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 20))
  const release = await holdDatabase(context, appUrl, databaseOf(relay))
  postAll(relay, texts('memory', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 20), ...texts('memory', 1, 20)])
  await expect
    .poll(() => persistenceOf(tab))
    .toEqual({ mode: 'memory', reason: expect.stringContaining('1000 ms') })
  await release()
  await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
  await comeBack(tab, relay, () => postAll(relay, texts('missed', 1, 5)))
  await expect(tab).toHaveReceivedExactlyOnce([
    ...texts('before', 1, 20),
    ...texts('memory', 1, 20),
    ...texts('missed', 1, 5),
  ])
  expect(await tab.gaps()).toEqual([])
})

const cursor = { seq: 5, epoch: null, era: 0, at: 0, exact: false }
const foreign: readonly (readonly [
  what: string,
  records: readonly (readonly [number | string, unknown])[],
])[] = [
  ['a head that is a text', [['head', 'garbage']]],
  ['a head that is null', [['head', null]]],
  ['a head without anything', [['head', {}]]],
  ['a head with runs that are none', [['head', { cursor: null, last: 0, runs: 'garbage' }]]],
  ['a head with a run that is null', [['head', { cursor: null, last: 0, runs: [null] }]]],
  ['a head whose offset is no number', [['head', { cursor: null, last: 'garbage', runs: [] }]]],
  ['a head whose cursor is garbage', [['head', { cursor: 'garbage', last: 0, runs: [] }]]],
  [
    'a segment that is a text',
    [
      ['head', { cursor: null, last: 1, runs: [] }],
      [1, 'garbage'],
    ],
  ],
  [
    'a segment that is null',
    [
      ['head', { cursor: null, last: 1, runs: [] }],
      [1, null],
    ],
  ],
  [
    'entries that are null',
    [
      ['head', { cursor: null, last: 1, runs: [] }],
      [1, [null]],
    ],
  ],
  [
    'entries without a text',
    [
      ['head', { cursor, last: 1, runs: [] }],
      [1, [{ offset: 1 }]],
    ],
  ],
  [
    'entries without keys',
    [
      ['head', { cursor, last: 1, runs: [] }],
      [1, [{ offset: 1, text: 'x' }]],
    ],
  ],
  ['a segment without a head', [[1, 'garbage']]],
  ['a segment that is far ahead', [[5_000, 'garbage']]],
]

for (const [what, records] of foreign) {
  test(`foreign records: with ${what} the hub starts anew and gives what comes`, async ({
    relay,
    appUrl,
    context,
    openTab,
  }) => {
    const page = await openPlainPage(context, appUrl)
    await makeDatabase(page, databaseOf(relay), records)
    const tab = await openTab({ from: 'journal' })
    await tab.ready()
    postAll(relay, texts('after', 1, 20))
    await expect(tab).toHaveReceivedExactlyOnce(texts('after', 1, 20))
    await expect.poll(() => persistenceOf(tab)).toEqual({ mode: 'disk' })
    const gaps = await tab.gaps()
    const all = [...texts('after', 1, 20), ...texts('missed', 1, 5)]
    await comeBack(tab, relay, () => postAll(relay, texts('missed', 1, 5)))
    await expect(tab).toHaveReceivedExactlyOnce(all)
    expect(await tab.gaps()).toEqual(gaps)
    const other = await openTab({ from: 'journal' })
    await expect(other).toHaveReceivedExactlyOnce(all)
    expect(await tab.received('error')).toEqual([])
  })
}

test('a database without the store is told, and the hub goes on in memory', async ({
  relay,
  appUrl,
  context,
  openTab,
}) => {
  const page = await openPlainPage(context, appUrl)
  await makeDatabase(page, databaseOf(relay), [], { store: 'foreign' })
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('memory', 1, 20))
  await expect(tab).toHaveReceivedExactlyOnce(texts('memory', 1, 20))
  expect(await persistenceOf(tab)).toEqual({
    mode: 'memory',
    reason: expect.stringContaining('NotFoundError'),
  })
})

test('a private window of Firefox has storage until it is closed', async ({
  openTab,
  relay,
  playwright,
  browserName,
}) => {
  test.skip(browserName !== 'firefox', 'contexts in Chromium are private ones in all specs')
  const browser = await playwright.firefox.launch({
    ...firefox(),
    firefoxUserPrefs: { 'browser.privatebrowsing.autostart': true },
  })
  try {
    const context = await browser.newContext()
    const tabs = await Promise.all([openTab({}, context), openTab({}, context)])
    await Promise.all(tabs.map((tab) => tab.ready()))
    postAll(relay, texts('private', 1, 20))
    await expect(tabs).toHaveReceivedExactlyOnce(texts('private', 1, 20))
    // What only private windows refuse shows that this is one.
    const files = await tabs[0]!.page.evaluate(() =>
      navigator.storage.getDirectory().then(() => 'there', String),
    )
    expect(files).toContain('SecurityError')
    await expect.poll(() => persistenceOf(tabs[0]!)).toEqual({ mode: 'disk' })
    await tabs[1]!.page.close()
    await comeBack(tabs[0]!, relay, () => postAll(relay, texts('missed', 1, 5)))
    await expect(tabs[0]!).toHaveReceivedExactlyOnce([...texts('private', 1, 20), ...texts('missed', 1, 5)])
    expect(await tabs[0]!.gaps()).toEqual([])
  } finally {
    await browser.close()
  }
})
