import { expect, test } from './fixtures.js'

test('two agents on one origin do not see each other’s events', async ({ relay, openTab }) => {
  const alice = await openTab({ token: 'at_live_alice' })
  const bob = await openTab({ token: 'at_live_bob' })
  await Promise.all([alice.ready(), bob.ready()])
  relay.dm({ from: 'bob', to: 'alice', text: 'for alice' })
  relay.dm({ from: 'alice', to: 'bob', text: 'for bob' })
  await expect(alice).toHaveReceivedExactlyOnce(['for alice'])
  await expect(bob).toHaveReceivedExactlyOnce(['for bob'])
  expect(relay.sockets()).toHaveLength(2)
  expect((await alice.status()).tabs).toBe(1)
})

test('no token is in a lock, a database or storage', async ({ openTab }) => {
  const tab = await openTab()
  await tab.ready()
  const names = await tab.page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    const stored = Object.entries(sessionStorage).filter(([key]) => key.startsWith('tabmux:'))
    return JSON.stringify([held, pending, await indexedDB.databases(), stored, Object.entries(localStorage)])
  })
  expect(names).toContain('tabmux:')
  expect(names).not.toContain('at_live')
})

test('one page with both agents keeps them apart', async ({ relay, openTab }) => {
  const tab = await openTab({ agent: 'alice' })
  await tab.ready()
  await tab.page.evaluate(async (baseUrl) => {
    await globalThis.app.open({ baseUrl, token: 'at_live_bob', agent: 'bob' }).ready
  }, relay.url)
  relay.dm({ from: 'bob', to: 'alice', text: 'for alice' })
  relay.dm({ from: 'alice', to: 'bob', text: 'for bob' })
  await expect.poll(async () => (await tab.texts()).toSorted()).toEqual(['for alice', 'for bob'])
  expect(relay.sockets()).toHaveLength(2)
})
