import { expect, keepPosting, test } from './fixtures.js'

// Two workers of different names stand for two builds of an app: each is a SharedWorker of its own.

test('a newer worker takes over, and the tabs of the older one go with it without losing or repeating anything', async ({
  relay,
  openTab,
}) => {
  const old = await Promise.all([openTab({ lifetime: 'short' }), openTab({ lifetime: 'short' })])
  await Promise.all(old.map((tab) => tab.ready()))
  const posting = keepPosting(relay)
  await posting.reached(60)
  const newer = await openTab({ lifetime: 'extended' })
  await newer.ready()
  await posting.reached(200)
  const all = posting.stop()
  for (const tab of old) await tab.expectTexts(all)
  await expect.poll(async () => all.join().endsWith((await newer.texts()).join())).toBe(true)
  expect((await newer.texts()).length).toBeGreaterThan(0)
  await expect.poll(() => relay.sockets('alice')).toHaveLength(1)
  for (const tab of [...old, newer]) await expect.poll(async () => (await tab.status()).tabs).toBe(3)
})

test('a tab that moved goes on where it was after a reload', async ({ relay, openTab }) => {
  const old = await openTab({ lifetime: 'extended' })
  await old.ready()
  const posting = keepPosting(relay)
  await posting.reached(40)
  const newer = await openTab({ lifetime: 'short' })
  await newer.ready()
  await posting.reached(80)
  await old.page.reload()
  await posting.reached(120)
  await old.expectTexts(posting.stop())
  await expect.poll(() => relay.sockets('alice')).toHaveLength(1)
})

test('two workers that start at the same moment end in one', async ({ relay, openTab }) => {
  const [one, two] = await Promise.all([openTab({ lifetime: 'short' }), openTab({ lifetime: 'extended' })])
  await Promise.all([one.ready(), two.ready()])
  await expect.poll(() => relay.sockets('alice')).toHaveLength(1)
  for (const tab of [one, two]) await expect.poll(async () => (await tab.status()).tabs).toBe(2)
})
