// The kit itself: that its matchers fail with the right message, and that each tool does what it says.
import { stripVTControlCharacters } from 'node:util'
import { UnsupportedBrowserError } from 'tabmux/playwright'
import { expect, keepPosting, postAll, test, texts } from './fixtures.js'

/** Too short to wait for anything that does not come. In milliseconds. */
const soon = { timeout: 300 }

/** What an assertion says when it fails, without colours. */
const failureOf = async (assertion: Promise<void>): Promise<string> => {
  const failed: unknown = await assertion.then(
    () => 'it has passed',
    (error: unknown) => error,
  )
  return failed instanceof Error ? stripVTControlCharacters(failed.message) : String(failed)
}

test.describe('toHaveReceived', () => {
  test('passes once all has come, in order, to every tab', async ({ relay, openTab }) => {
    const tabs = await Promise.all([openTab(), openTab()])
    await Promise.all(tabs.map((tab) => tab.ready()))
    const received = expect(tabs).toHaveReceived(['one', { message: { text: 'three', agentName: 'bob' } }])
    postAll(relay, ['one', 'two', 'three'])
    await received
    await expect(tabs[0]!).not.toHaveReceived('four')
  })

  test('says what is missing, what came, and what the other tab got', async ({ relay, openTab }) => {
    const tab = await openTab()
    const other = await openTab()
    await Promise.all([tab.ready(), other.ready()])
    postAll(relay, ['one', 'two'])
    await expect(other).toHaveReceived('two')
    const failure = await failureOf(expect(tab).toHaveReceived(['one', 'three'], soon))
    expect(failure).toContain('expect(tab 1).toHaveReceived(expected)')
    expect(failure).toContain('Expected each of these, in this order:\n  1. "one"\n  2. "three"')
    expect(failure).toContain('tab 1: missing: "three"')
    expect(failure).toMatch(
      /tab 1 received 2 events, .*\n(?:.*\n)*.*message\.created {2}"two" {2}\(offset 2\)/,
    )
    expect(failure).toMatch(/tab 2 received 2 events.*the last event: message\.created {2}"two"/)
  })

  test('.not fails if it has come', async ({ relay, openTab }) => {
    const tab = await openTab()
    await tab.ready()
    postAll(relay, ['one'])
    await expect(tab).toHaveReceived('one')
    const failure = await failureOf(expect(tab).not.toHaveReceived('one', soon))
    expect(failure).toContain('Expected not this')
    expect(failure).toContain('is as it is expected not to be')
  })
})

test.describe('toHaveReceivedExactlyOnce', () => {
  test('fails at once over what came twice, and says so', async ({ relay, openTab }) => {
    const tab = await openTab()
    await tab.ready()
    postAll(relay, ['one', 'two', 'one'])
    await expect(tab).toHaveReceived(['two', 'one'])
    await expect(tab).toHaveReceivedExactlyOnce('two')
    const failure = await failureOf(expect(tab).toHaveReceivedExactlyOnce(['one', 'two'], { timeout: 0 }))
    expect(failure).toContain('received more than once: "one" (2 times)')
    expect(await failureOf(expect(tab).toHaveReceivedExactlyOnce('one', { timeout: 0 }))).toContain(
      'received 2 times: "one"',
    )
  })

  test('fails over another order, a hole and a stranger', async ({ relay, openTab }) => {
    const tab = await openTab()
    await tab.ready()
    postAll(relay, ['one', 'three', 'two'])
    await expect(tab).toHaveReceivedExactlyOnce(['one', 'three', 'two'])
    const expectFailure = async (expected: readonly string[], told: string) =>
      expect(await failureOf(expect(tab).toHaveReceivedExactlyOnce(expected, soon))).toContain(told)
    await expectFailure(['one', 'two', 'three'], 'at place 2 expected "two", got "three"')
    await expectFailure(['one', 'two'], 'not expected: "three"')
    await expectFailure(['one', 'three', 'two', 'four'], 'missing: "four"')
  })

  test('keeps the record over reloads, and looks at it in a page that is elsewhere', async ({
    relay,
    openTab,
  }) => {
    const tab = await openTab()
    await tab.ready()
    postAll(relay, ['one'])
    await expect(tab).toHaveReceived('one')
    await tab.page.reload()
    postAll(relay, ['two'])
    await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
    await tab.page.goto('about:blank')
    await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
    await tab.page.close()
    await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
  })

  test('counts an event once, where one page has several relays of the agent', async ({ relay, openTab }) => {
    const tab = await openTab({ agent: 'alice' })
    await tab.ready()
    await tab.page.evaluate(() => {
      const options = JSON.parse(new URLSearchParams(location.search).get('options')!)
      return globalThis.app.open(options).ready
    })
    postAll(relay, ['one', 'two'])
    await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
    // The first is closed, and the second one counts from then on.
    await tab.page.evaluate(() => globalThis.app.relay!.close())
    postAll(relay, ['three'])
    await expect(tab).toHaveReceivedExactlyOnce(['one', 'two', 'three'])
  })
})

test('toHaveOneSocket counts the sockets of each agent', async ({ relay, openTab, browser }) => {
  const none = await failureOf(expect(relay).toHaveOneSocket(undefined, soon))
  expect(none).toContain('Expected one socket of each agent that has any, got none.')
  await Promise.all([openTab(), openTab({ token: 'at_live_bob' })])
  await expect(relay).toHaveOneSocket('alice')
  await expect(relay).toHaveOneSocket('bob')
  await expect(relay).toHaveOneSocket()
  await expect(relay)
    .not.toHaveOneSocket('alice', soon)
    .catch((error: Error) => {
      expect(error.message).toContain('Expected the opposite')
    })
  // Another profile of the browser has a worker of its own.
  const elsewhere = await browser.newContext()
  await openTab({ token: 'at_live_bob' }, elsewhere)
  await expect(relay).not.toHaveOneSocket('bob')
  const two = await failureOf(expect(relay).toHaveOneSocket(undefined, soon))
  expect(two).toContain('got 1 of alice, 2 of bob')
  expect(two).toMatch(/bob {2}\w{8} opened, 1 other open/)
  await elsewhere.close()
})

test('openTabs opens so many tabs that are connected', async ({ relay, openTabs, siteUrl }) => {
  const options = { baseUrl: relay.url, token: 'at_live_alice' }
  const url = `${siteUrl}/?options=${encodeURIComponent(JSON.stringify(options))}`
  const [one, two] = await openTabs(2, { url })
  for (const tab of [one, two]) expect((await tab.status()).state).toBe('connected')
  expect([one.name, two.name]).toEqual(['tab 1', 'tab 2'])
})

test('a page without a relay is told', async ({ openTab, tabOf, context, siteUrl }) => {
  const tab = tabOf(await context.newPage())
  await tab.page.goto(`${siteUrl}/`)
  await expect(tab.ready(soon)).rejects.toThrow(/tab 1 is at .*, and has not connected within 300 ms/)
  await expect(tab.status()).rejects.toThrow(/expected a page that has called connect/)
  const other = await openTab()
  await other.ready()
  expect(tabOf(other.page)).toBe(other)
})

test.describe('in Chromium', () => {
  test.skip(({ browserName }) => browserName !== 'chromium', 'the other browsers have their test below')

  test('killWorker ends the worker, and another takes its place', async ({ relay, openTab, killWorker }) => {
    const tabs = await Promise.all([openTab(), openTab()])
    await Promise.all(tabs.map((tab) => tab.ready()))
    const { instance } = await tabs[0]!.status()
    await killWorker()
    await expect.poll(async () => (await tabs[0]!.status()).instance).not.toBe(instance)
    await killWorker(tabs[1]!)
    postAll(relay, texts('after', 1, 3))
    await expect(tabs).toHaveReceivedExactlyOnce(texts('after', 1, 3))
    await expect(relay).toHaveOneSocket()
  })

  test('hangWorker stops the worker until it is let go', async ({ relay, openTab, hangWorker }) => {
    const tab = await openTab()
    await tab.ready()
    const goOn = await hangWorker()
    postAll(relay, ['held up'])
    await expect(tab).not.toHaveReceived('held up', soon)
    await goOn()
    await goOn()
    await expect(tab).toHaveReceivedExactlyOnce('held up')
  })

  test('freezeTab stops one tab until it wakes', async ({ relay, openTab, freezeTab }) => {
    const [frozen, awake] = await Promise.all([openTab(), openTab()])
    await Promise.all([frozen.ready(), awake.ready()])
    const wake = await freezeTab(frozen)
    postAll(relay, ['one'])
    await expect(awake).toHaveReceived('one')
    await expect(frozen).not.toHaveReceived('one', soon)
    await wake()
    await expect(frozen).toHaveReceivedExactlyOnce('one')
  })

  test('crashTab crashes one tab, which can be reloaded', async ({ relay, openTab, crashTab }) => {
    const staying = await openTab()
    await staying.ready()
    const tab = await openTab()
    await tab.ready()
    postAll(relay, ['one'])
    await expect([staying, tab]).toHaveReceived('one')
    const reload = await crashTab(tab)
    await expect.poll(async () => (await staying.status()).tabs).toBe(1)
    await expect(tab).toHaveReceivedExactlyOnce(['one'])
    postAll(relay, ['two'])
    await reload()
    await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
  })

  test('workerLogs has what the worker says, also of one that has ended', async ({
    openTab,
    killWorker,
    workerLogs,
  }) => {
    const tab = await openTab()
    await tab.ready()
    const say = (what: string) =>
      tab.page.evaluate((text) => new BroadcastChannel('say').postMessage(text), what)
    await say('hello')
    const said = async () => (await workerLogs()).map(({ type, text }) => `${type}: ${text}`)
    await expect.poll(said).toContain('warning: hello 7')
    expect((await workerLogs())[0]?.url).toContain('relay.worker')
    await killWorker()
    await tab.ready()
    await expect
      .poll(async () => {
        await say('again')
        return said()
      })
      .toContain('warning: again 7')
    expect(await said()).toContain('warning: hello 7')
  })
})

test('what only Chromium can do says so elsewhere', async ({
  openTab,
  browserName,
  killWorker,
  hangWorker,
  freezeTab,
  crashTab,
  workerLogs,
}) => {
  test.skip(browserName === 'chromium', 'Chromium can')
  const tab = await openTab()
  const tools = {
    killWorker,
    hangWorker,
    workerLogs,
    freezeTab: () => freezeTab(tab),
    crashTab: () => crashTab(tab),
  }
  for (const [tool, use] of Object.entries(tools)) {
    const error: unknown = await use().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UnsupportedBrowserError)
    expect(error).toMatchObject({ code: 'unsupported_browser', tool, browserName, supported: ['chromium'] })
    expect(String(error)).toContain(`${tool}: expected chromium, got ${browserName}`)
  }
})

test('delay sends events late, and in order', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  const release = relay.delay(3_600_000)
  postAll(relay, ['one', 'two'])
  await expect(tab).not.toHaveReceived('one', soon)
  release()
  await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
  expect(await tab.gaps()).toEqual([])
})

test('the faults of the relay leave nothing out and repeat nothing', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  const posting = keepPosting(relay)
  await posting.reached(20)
  relay.cut('alice')
  await posting.reached(40)
  await relay.restart()
  await posting.reached(60)
  await expect(tab).toHaveReceivedExactlyOnce(posting.stop())
  expect(await tab.gaps()).toEqual([])
})
