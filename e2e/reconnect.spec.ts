import { expect, postAll, test, texts } from './fixtures.js'

for (const optionalFields of [true, false]) {
  test.describe(optionalFields ? 'a relay with the optional fields' : 'a relay without them', () => {
    test.use({ relayOptions: { optionalFields } })

    test('after a cut, what was missed comes in order and then resynced', async ({ relay, openTab }) => {
      const tabs = await Promise.all([openTab(), openTab()])
      await Promise.all(tabs.map((tab) => tab.ready()))
      postAll(relay, texts('before', 1, 5))
      await expect(tabs).toHaveReceivedExactlyOnce(texts('before', 1, 5))

      relay.refuse(true)
      relay.cut('alice')
      postAll(relay, texts('missed', 1, 20))
      relay.refuse(false)
      for (const tab of tabs) {
        await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 5), ...texts('missed', 1, 20)])
        await expect.poll(() => tab.received('resynced')).toHaveLength(1)
        const records = await tab.received()
        const told = records.map(({ type }) => type).filter((type) => !type.startsWith('message.'))
        expect(told).toEqual([
          'open',
          'close',
          ...told.filter((type) => /reconnecting|error/.test(type)),
          'open',
          'resynced',
        ])
        expect(records.at(-1)?.event).toMatchObject({ replayed: 20, gapDetected: false, source: 'relay' })
        expect(records.filter(({ replayed }) => replayed)).toHaveLength(20)
      }
      await expect(relay).toHaveOneSocket('alice')
    })

    test('a long gap is filled from ring and database, oldest first, and told', async ({
      relay,
      openTab,
    }) => {
      const tab = await openTab()
      await tab.ready()
      postAll(relay, texts('before', 1, 5))
      await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 5))
      relay.refuse(true)
      relay.cut('alice')
      postAll(relay, texts('missed', 1, 1_200))
      relay.refuse(false)
      await expect.poll(() => tab.received('resynced')).toHaveLength(1)
      expect(await tab.texts()).toEqual([...texts('before', 1, 5), ...texts('missed', 1, 1_200)])
      expect((await tab.received('resynced'))[0]?.event).toMatchObject({
        gapDetected: true,
        cause: 'ring_exceeded',
      })
    })

    test('a socket that dies between ring replay and database replay costs nothing', async ({
      relay,
      openTab,
    }) => {
      const tab = await openTab()
      await tab.ready()
      postAll(relay, texts('before', 1, 2))
      await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 2))
      relay.refuse(true)
      relay.cut('alice')
      postAll(relay, texts('missed', 1, 700))
      relay.dieBetweenReplays(true)
      relay.refuse(false)
      await expect.poll(() => tab.received('resynced')).toHaveLength(1)
      expect(await tab.texts()).toEqual([...texts('before', 1, 2), ...texts('missed', 1, 700)])
      const resyncs = relay.received('alice').filter(({ frame }) => frame.type === 'resync')
      expect(resyncs.map(({ frame }) => frame)).toMatchObject([{ last_seen_seq: 2 }, { last_seen_seq: 2 }])
    })

    test('live events that come among the replayed ones stay in order', async ({ relay, openTab }) => {
      const tab = await openTab()
      await tab.ready()
      postAll(relay, texts('before', 1, 2))
      await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 2))
      const resume = relay.pauseResync('ack')
      relay.refuse(true)
      relay.cut('alice')
      postAll(relay, texts('missed', 1, 5))
      relay.refuse(false)
      await expect
        .poll(() => relay.received('alice').filter(({ frame }) => frame.type === 'resync'))
        .toHaveLength(1)
      postAll(relay, texts('live', 1, 5))
      resume()
      await expect(tab).toHaveReceivedExactlyOnce([
        ...texts('before', 1, 2),
        ...texts('missed', 1, 5),
        ...texts('live', 1, 5),
      ])
    })

    test('a lost event is noticed by the hole and fetched', async ({ relay, openTab }) => {
      const tab = await openTab()
      await tab.ready()
      postAll(relay, ['one'])
      relay.loseNext(2)
      postAll(relay, ['two', 'three', 'four'])
      await expect(tab).toHaveReceivedExactlyOnce(['one', 'two', 'three', 'four'])
    })

    test('events after a counter reset are not taken for old ones', async ({ relay, openTab }) => {
      const tab = await openTab()
      await tab.ready()
      postAll(relay, texts('before', 1, 30))
      await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 30))
      relay.refuse(true)
      relay.cut('alice')
      relay.resetCounter()
      postAll(relay, texts('after', 1, 3))
      relay.refuse(false)
      await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 30), ...texts('after', 1, 3)])
      await expect.poll(() => tab.received('resynced')).toHaveLength(1)
      expect((await tab.received('resynced'))[0]?.event).toMatchObject({
        gapDetected: true,
        cause: 'counter_reset',
      })
    })

    test('a counter reset on the open socket is noticed', async ({ relay, openTab }) => {
      const tab = await openTab()
      await tab.ready()
      postAll(relay, texts('before', 1, 30))
      await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 30))
      relay.resetCounter()
      postAll(relay, texts('after', 1, 3))
      await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 30), ...texts('after', 1, 3)])
    })

    test('reactions reach a handler once, live and from the database', async ({ relay, openTab }) => {
      const tab = await openTab()
      await tab.ready()
      const { id } = relay.post({ from: 'bob', channel: 'general', text: 'like me' })
      relay.react({ from: 'bob', to: id, emoji: '👍' })
      await expect.poll(() => tab.received('message.reacted')).toHaveLength(1)
      relay.refuse(true)
      relay.cut('alice')
      relay.react({ from: 'bob', to: id, emoji: '🎉' })
      postAll(relay, texts('filler', 1, 600))
      relay.refuse(false)
      await expect.poll(() => tab.received('resynced')).toHaveLength(1)
      const reactions = (await tab.received('message.reacted')).map(({ event }) => event)
      expect(reactions).toMatchObject([{ emoji: '👍' }, { emoji: '🎉' }])
    })
  })
}

test('a relay whose clock is half a minute behind this one’s still replays all of a long gap', async ({
  relay,
  openTab,
}) => {
  relay.shiftClock(-30_000)
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('before', 1, 3))
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 3))
  relay.refuse(true)
  relay.cut('alice')
  postAll(relay, texts('missed', 1, 900))
  relay.refuse(false)
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 3), ...texts('missed', 1, 900)])
})
