import { expect, postAll, test, texts } from './fixtures.js'

test.use({ pageOptions: { pingIntervalMs: 300, pongTimeoutMs: 300 } })

test('a socket that is dead without a close event is noticed by a ping, and nothing is lost', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, texts('before', 1, 3))
  await expect(tab).toHaveReceivedExactlyOnce(texts('before', 1, 3))
  relay.goDeaf(true)
  relay.goDeaf(false)
  postAll(relay, texts('unheard', 1, 5))
  await expect(tab).toHaveReceivedExactlyOnce([...texts('before', 1, 3), ...texts('unheard', 1, 5)])
  await expect(relay).toHaveOneSocket('alice')
})
