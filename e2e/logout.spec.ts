import { expect, postAll, test, texts } from './fixtures.js'

test('logout closes all tabs of the agent and wipes what is stored of it', async ({ relay, openTab }) => {
  const tabs = await Promise.all([openTab(), openTab()])
  await Promise.all(tabs.map((tab) => tab.ready()))
  postAll(relay, texts('secret', 1, 5))
  await expect(tabs).toHaveReceivedExactlyOnce(texts('secret', 1, 5))
  const page = tabs[0]!.page
  const databases = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
  const positions = () =>
    page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('tabmux:')))
  expect(await databases()).toHaveLength(1)
  expect(await positions()).toHaveLength(1)

  await page.evaluate(() => globalThis.app.relay!.logout())
  await expect.poll(() => relay.sockets('alice')).toHaveLength(0)
  expect(await databases()).toEqual([])
  expect(await positions()).toEqual([])
  for (const tab of tabs) await expect.poll(async () => (await tab.status()).state).toBe('closed')

  postAll(relay, texts('later', 1, 3))
  const next = await openTab()
  await next.ready()
  expect(await next.page.evaluate(() => globalThis.app.relay!.history())).toEqual([])
})

test('a port of an agent that has logged out, or has become another’s, is good for nothing of the first', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('secret', 1, 3))
  await expect(tab).toHaveReceivedExactlyOnce(texts('secret', 1, 3))
  // A port of its own, spoken to in Comlink's words, as a script could that has kept one.
  await tab.page.evaluate(async (baseUrl) => {
    const { port } = globalThis.app.workers.short()
    const waiting = new Map<string, (value: unknown) => void>()
    port.onmessage = ({ data: { id, type, value } }) => {
      if (type === 'APPLY') port.postMessage({ id, type: 'RAW' })
      waiting.get(id)?.(value)
    }
    const call = (method: string, ...args: unknown[]) =>
      new Promise((resolve) => {
        const id = crypto.randomUUID()
        waiting.set(id, resolve)
        const argumentList = args.map((value) => ({ type: 'RAW', value }))
        port.postMessage({ id, type: 'APPLY', path: [method], argumentList })
      })
    const lock = `tabmux:tab:${crypto.randomUUID()}`
    await new Promise<void>((held) => {
      void navigator.locks.request(lock, () => new Promise(() => held()))
    })
    await call('greet', lock)
    const relayOf = (agent: string) => `${agent}@${baseUrl.replace('http://', '')}`
    const attach = (identity: string) =>
      call('attach', {
        baseUrl,
        identity,
        connection: {
          reconnectBaseDelayMs: 50,
          reconnectMaxDelayMs: 30_000,
          maxReconnectAttempts: 0,
          connectTimeoutMs: 10_000,
          pingIntervalMs: 30_000,
          pongTimeoutMs: 10_000,
          lingerMs: 30_000,
          resyncMarginMs: 60_000,
        },
        storage: { persist: 'events', maxEntries: 2_048, maxAgeMs: 604_800_000, maxBytes: 67_108_864 },
        position: null,
        from: 'journal',
        channels: [],
      })
    const identity = (await navigator.locks.query()).held?.find(({ name }) => name?.includes('@'))?.name
    Reflect.set(globalThis, 'stale', {
      attach: () => attach(identity?.replace('tabmux:', '') ?? ''),
      attachOther: () => attach(relayOf('mallory')),
      ask: async () => ({
        history: await call('history', 10),
        probe: await call('probe'),
        send: await call('send', { type: 'ping' }),
      }),
    })
  }, relay.url)
  const stale = (name: string) =>
    tab.page.evaluate((method) => Reflect.get(globalThis, 'stale')[method](), name)

  await stale('attach')
  expect(await stale('ask')).toMatchObject({
    history: [{ offset: 1 }, { offset: 2 }, { offset: 3 }],
    probe: expect.any(String),
    send: null,
  })
  await stale('attachOther')
  expect(await stale('ask')).toMatchObject({ history: [], send: { code: 'not_connected' } })
  await stale('attach')
  await tab.page.evaluate(() => globalThis.app.relay!.logout())
  expect(await stale('ask')).toMatchObject({ history: [], send: { code: 'closed' } })
})
