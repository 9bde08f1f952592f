import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, postAll, test, type Tab } from './fixtures.js'

const codes = async (tab: Tab) =>
  (await tab.received('error')).map(({ event }) => (event as { code: string }).code)

test('malformed frames are reported, and the stream goes on without a loss', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  postAll(relay, ['one'])
  const malformed = [
    '{not json',
    '[]',
    'null',
    '{}',
    '{"type":7}',
    '{"type":"resynced"}',
    '{"type":"message.created","agent_seq":900}',
  ]
  for (const text of malformed) relay.sendRaw('alice', text)
  postAll(relay, ['two'])
  await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
  await expect.poll(() => codes(tab)).toEqual(malformed.map(() => 'invalid_frame'))
  expect(await tab.received('resynced')).toEqual([])
  expect((await tab.status()).state).toBe('connected')
})

test('unknown event types reach `any`, and their keys are camelCase', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  relay.emit('alice', { type: 'novel.thing', some_field: { inner_key: 1 } })
  await expect
    .poll(async () => (await tab.received('novel.thing'))[0]?.event)
    .toMatchObject({ someField: { inner_key: 1 } })
})

test.describe('a token that is refused by a close code', () => {
  test.use({ relayOptions: { refuseTokens: 'close' } })

  test('is final, and says so', async ({ openTab }) => {
    const tab = await openTab({ token: 'at_wrong' })
    await expect.poll(() => tab.received('permanently_disconnected')).toHaveLength(1)
    expect(await codes(tab)).toEqual(['unauthorized'])
    expect(await tab.received('reconnecting')).toEqual([])
    expect((await tab.status()).state).toBe('disconnected')
    expect(JSON.stringify(await tab.received())).not.toContain('at_wrong')
  })
})

test('a token that is refused at the upgrade is given up after the attempts allowed', async ({ openTab }) => {
  const tab = await openTab({ token: 'at_wrong', maxReconnectAttempts: 2 })
  await expect.poll(() => tab.received('permanently_disconnected')).toHaveLength(1)
  expect(await codes(tab)).toEqual(['connect_failed', 'connect_failed', 'connect_failed'])
  expect((await tab.received('permanently_disconnected'))[0]?.event).toMatchObject({ attempt: 2 })
})

test('a server that is no relay is reported as such', async ({ openTab }) => {
  const server = createServer((_, response) => response.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  const tab = await openTab({ baseUrl: `http://127.0.0.1:${port}`, maxReconnectAttempts: 0 })
  await expect.poll(() => tab.received('permanently_disconnected')).toHaveLength(1)
  expect(JSON.stringify(await tab.received('error'))).toContain('is no relay')
  server.close()
})

test('reconnect() starts again after the end', async ({ relay, openTab }) => {
  relay.refuse(true)
  const tab = await openTab({ maxReconnectAttempts: 0 })
  await expect.poll(() => tab.received('permanently_disconnected')).toHaveLength(1)
  relay.refuse(false)
  await tab.page.evaluate(() => globalThis.app.relay!.reconnect())
  await expect.poll(async () => (await tab.status()).state).toBe('connected')
})

test('wrong options are refused at connect, with what was expected and what came', async ({ openTab }) => {
  const tab = await openTab()
  const message = (options: object) =>
    tab.page.evaluate((given) => {
      try {
        // Wrong on purpose: what a caller without TypeScript may pass.
        globalThis.app.connect(given as never)
        return 'no error'
      } catch (error) {
        return String(error)
      }
    }, options)
  expect(await message({})).toMatch(/TabmuxError: connect: expected worker to be .*, got undefined/)
  expect(await message({ baseUri: 'x' })).toContain('there is no option "baseUri"')
})

test('send says why it cannot, and sends when it can', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => globalThis.app.relay!.send({ type: 'ping' }))
  const refused = await tab.page.evaluate(() =>
    globalThis.app.relay!.send({ type: 'resync' }).catch((error) => error.code),
  )
  expect(refused).toBe('invalid_argument')
  relay.refuse(true)
  relay.cut('alice')
  await expect.poll(async () => (await tab.status()).state).not.toBe('connected')
  const offline = await tab.page.evaluate(() =>
    globalThis.app.relay!.send({ type: 'ping' }).catch((error) => error.code),
  )
  expect(offline).toBe('not_connected')
})

test('a handler that throws starves nobody, and its error is reported', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => {
    globalThis.app.relay!.on.messageCreated(() => {
      throw new Error('my own bug')
    })
  })
  postAll(relay, ['one', 'two'])
  await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
  expect(await codes(tab)).toEqual(['handler_failed', 'handler_failed'])
})

test('a handler of everything that throws at everything, errors too, stops nothing', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => {
    globalThis.app.relay!.on.any(() => {
      throw new Error('always')
    })
    globalThis.app.relay!.on.any(async () => {
      throw new Error('always, and later')
    })
  })
  postAll(relay, ['one', 'two', 'three'])
  await expect(tab).toHaveReceivedExactlyOnce(['one', 'two', 'three'])
})

test('frames that are nested too deeply for a tab to read keep nobody from what follows', async ({
  relay,
  openTab,
}) => {
  const tab = await openTab()
  await tab.ready()
  const deep = (open: string, close: string) => open.repeat(5_000) + close.repeat(5_000)
  relay.sendRaw('alice', `{"type":"novel.deep","deep":${deep('[', ']')}}`)
  relay.sendRaw(
    'alice',
    `{"type":"novel.deep","message":${deep('{"message":', '').slice(0, -11)}{}${'}'.repeat(4_999)}}`,
  )
  postAll(relay, ['one', 'two'])
  await expect(tab).toHaveReceivedExactlyOnce(['one', 'two'])
  await tab.page.reload()
  postAll(relay, ['three'])
  await expect(tab).toHaveReceivedExactlyOnce(['one', 'two', 'three'])
})

test('a relay cannot pass for the client itself', async ({ relay, openTab }) => {
  const tab = await openTab()
  await tab.ready()
  await tab.page.evaluate(() => {
    globalThis.app.relay!.on.status((status) => void Reflect.set(globalThis, 'lastStatus', status.state))
  })
  for (const type of ['status', 'any', 'event', 'logged_out']) relay.emit('alice', { type, state: 'forged' })
  postAll(relay, ['one'])
  await expect(tab).toHaveReceivedExactlyOnce(['one'])
  expect(await tab.received('any')).toHaveLength(1)
  expect(await tab.page.evaluate(() => Reflect.get(globalThis, 'lastStatus'))).not.toBe('forged')
  expect((await tab.status()).state).toBe('connected')
})

test('a new tab revives a hub that has given up', async ({ relay, openTab }) => {
  relay.refuse(true)
  const first = await openTab({ maxReconnectAttempts: 0 })
  await expect.poll(() => first.received('permanently_disconnected')).toHaveLength(1)
  relay.refuse(false)
  const second = await openTab({ maxReconnectAttempts: 0 })
  await second.ready()
  postAll(relay, ['one'])
  await expect(first).toHaveReceivedExactlyOnce(['one'])
  await expect(second).toHaveReceivedExactlyOnce(['one'])
})

test('a token that comes after eleven seconds is still taken', async ({ relay, openTab }) => {
  const tab = await openTab({ tokenDelayMs: 11_000 })
  await expect.poll(() => relay.sockets('alice').length, { timeout: 30_000 }).toBe(1)
  postAll(relay, ['one'])
  await expect(tab).toHaveReceivedExactlyOnce(['one'])
})

test('a worker whose script cannot be loaded is reported', async ({ relay, openTab }) => {
  const tab = await openTab()
  const code = await tab.page.evaluate(
    (baseUrl) =>
      new Promise<string>((resolve) => {
        const worker = () => new SharedWorker('/missing.js', { type: 'module', name: 'missing' })
        const broken = globalThis.app.connect({ baseUrl, token: 'at_live_bob', worker })
        broken.on.error((error) => resolve(error.code))
      }),
    relay.url,
  )
  expect(code).toBe('worker_failed')
})
