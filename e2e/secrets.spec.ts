import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, postAll, test as base, texts, type Tab } from './fixtures.js'
import { serveFolder } from './static-server.js'

/** Repeats on a channel what the worker says on its console, which no test can read. */
const overhear = `for (const level of ['debug', 'log', 'info', 'warn', 'error'])
  console[level] = (...said) => new BroadcastChannel('overheard').postMessage(said.map((what) =>
    what instanceof Error ? what.stack + what.message : JSON.stringify(what)).join());
console.log('the worker is heard');`

const test = base.extend<{ readonly said: string[] }>({
  // Playwright wants the first argument to be destructured, also where nothing is needed of it.
  // oxlint-disable-next-line no-empty-pattern
  said: ({}, use) => use([]),
  siteUrl: async ({ context, said }, use) => {
    await context.exposeFunction('overheard', (what: string) => void said.push(what))
    await context.addInitScript(() => {
      const heard = Reflect.get(globalThis, 'overheard') as (what: string) => void // exposed above
      new BroadcastChannel('overheard').addEventListener('message', ({ data }) => heard(data))
    })
    context.on('console', (message) => void said.push(message.text()))
    context.on('weberror', (error) => said.push(String(error.error().stack)))
    const folder = fileURLToPath(new URL('app/dist', import.meta.url))
    await using server = await serveFolder(folder, {
      prepend: (pathname) => (pathname.includes('relay.worker') ? overhear : ''),
    })
    await use(`${server.url}/one`)
  },
})

/** Everything that a page can read of what is kept, named, or told: place by place, as text. */
const readAll = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(async () => {
    const whole = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
    const found: Record<string, unknown> = {}
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await whole(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store)
        const [keys, values] = await Promise.all([whole(objects.getAllKeys()), whole(objects.getAll())])
        found[`IndexedDB ${name} ${store}`] = { name, store, keys, values }
      }
      database.close()
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      const responses = await cache.matchAll()
      const urls = (await cache.keys()).map(({ url }) => url)
      found[`Cache ${name}`] = { urls, bodies: await Promise.all(responses.map((each) => each.text())) }
    }
    const { held, pending } = await navigator.locks.query()
    found['locks'] = { held, pending }
    found['localStorage'] = { ...localStorage }
    found['sessionStorage'] = { ...sessionStorage }
    found['cookies'] = document.cookie
    found['window.name'] = window.name
    found['status'] = globalThis.app.relay?.status
    found['loaded'] = performance
      .getEntriesByType('resource')
      .map(({ name }) => name.replace(location.search, ''))
    return Object.fromEntries(Object.entries(found).map(([place, what]) => [place, JSON.stringify(what)]))
  })

/** Where the secret stands. */
const placesOf = async (secret: string, tab: Tab, said: readonly string[]): Promise<string[]> => {
  const told = JSON.stringify(await tab.received())
  const all = { ...(await readAll(tab.page)), told, said: said.join('\n') }
  return Object.entries(all).flatMap(([place, text]) => (text.includes(secret) ? place : []))
}

test('the token stands nowhere but in the address of the socket', async ({ relay, openTab, said }) => {
  const token = 'at_live_alice'
  for (const options of [{}, { agent: 'alice' }]) {
    const tab = await openTab(options)
    await tab.ready()
    postAll(relay, texts('a', 1, 3))
    await expect.poll(async () => (await tab.texts()).length).toBe(3)
    expect(Object.keys(await readAll(tab.page)).join()).toContain('IndexedDB')
    await expect.poll(() => said.join()).toContain('the worker is heard')
    expect(await placesOf(token, tab, said)).toEqual([])
    relay.cut('alice')
    await tab.page.evaluate(() => globalThis.app.relay!.reconnect())
    await tab.page.reload()
    await tab.ready()
    expect(await placesOf(token, tab, said)).toEqual([])
    await tab.page.evaluate(() => globalThis.app.relay!.logout())
    expect(await placesOf(token, tab, said)).toEqual([])
  }
})

for (const refuseTokens of ['upgrade', 'close'] as const) {
  test.describe(`a token that is refused by ${refuseTokens}`, () => {
    test.use({ relayOptions: { refuseTokens } })

    test('stands nowhere', async ({ openTab, said }) => {
      const tab = await openTab({ token: 'at_wrong_token', maxReconnectAttempts: 1 })
      await expect.poll(() => tab.received('permanently_disconnected')).toHaveLength(1)
      await expect.poll(() => tab.received('error')).not.toHaveLength(0)
      expect(await placesOf('at_wrong_token', tab, said)).toEqual([])
    })
  })
}

test('a token that stands somewhere is found there', async ({ openTab, said }) => {
  const tab = await openTab()
  await tab.ready()
  const planted = 'planted_secret'
  await tab.page.evaluate(async (secret) => {
    localStorage.setItem('a', secret)
    sessionStorage.setItem('b', secret)
    document.cookie = `c=${secret}`
    window.name = secret
    const cache = await caches.open('d')
    await cache.put('/d', new Response(secret))
    void navigator.locks.request(secret, () => new Promise(() => undefined))
    console.info(secret)
    const open = indexedDB.open('e')
    await new Promise<void>((resolve) => {
      open.addEventListener('upgradeneeded', () => open.result.createObjectStore('f'))
      open.addEventListener('success', () => {
        const transaction = open.result.transaction('f', 'readwrite')
        transaction.objectStore('f').put([{ deep: secret }], 1)
        transaction.addEventListener('complete', () => {
          open.result.close()
          resolve()
        })
      })
    })
  }, planted)
  await expect
    .poll(async () => (await placesOf(planted, tab, said)).toSorted())
    .toEqual(
      [
        'Cache d',
        'IndexedDB e f',
        'cookies',
        'localStorage',
        'locks',
        'said',
        'sessionStorage',
        'window.name',
      ].toSorted(),
    )
})
