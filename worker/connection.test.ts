import { WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { ConnectionOptions, Notice } from '../src/bridge.js'
import { VERSION } from '../src/version.js'
import { Connection, socketUrl } from './connection.js'
import { HandClock } from './hand-clock.js'
import { deferred, settled } from './fakes/deferred.js'
import { Log } from './fakes/log.js'
import { startSocketServer, type SocketServer, type Welcome } from './fakes/socket-server.js'

const TOKEN = 'at_live_secret'

const options: ConnectionOptions = {
  reconnectBaseDelayMs: 1_000,
  reconnectMaxDelayMs: 8_000,
  maxReconnectAttempts: 5,
  connectTimeoutMs: 10_000,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
  lingerMs: 30_000,
  resyncMarginMs: 60_000,
}

/** The `ws` package's, made to behave like a browser's: an error that nobody listens to is nothing. */
class BrowserWebSocket extends WebSocket {
  constructor(url: string) {
    super(url)
    this.on('error', () => undefined)
  }
}

// Node 20 has no WebSocket of its own.
const native = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')
const provide = (socketClass: unknown) =>
  Object.defineProperty(globalThis, 'WebSocket', { value: socketClass, configurable: true, writable: true })
beforeEach(() => {
  provide(BrowserWebSocket)
})
afterEach(() => {
  if (native) Object.defineProperty(globalThis, 'WebSocket', native)
  else Reflect.deleteProperty(globalThis, 'WebSocket')
})

interface Setup {
  readonly options?: Partial<ConnectionOptions>
  readonly token?: () => Promise<string>
}

/** A connection to a server, with the time in the test's hand, and a record of all it tells. */
const connectionTo = (baseUrl: string, setup: Setup = {}) => {
  const clock = new HandClock()
  const notices = new Log<Notice>()
  const messages = new Log<unknown>()
  const calls: string[] = []
  const endings: { readonly code?: number; readonly reason?: string }[] = []
  const counts = { tokens: 0 }
  const connection = new Connection({
    baseUrl,
    options: { ...options, ...setup.options },
    clock,
    random: () => 0.5, // the middle of the spread: the delay is 1, 2, 4, … times the first
    token: () => {
      counts.tokens += 1
      return setup.token?.() ?? Promise.resolve(TOKEN)
    },
    opened: () => calls.push('opened'),
    closed: () => calls.push('closed'),
    ended: (ending) => endings.push(ending),
    message: (data) => messages.push(data),
    notice: (notice) => notices.push(notice),
  })
  const told = (type: Notice['type'], nth?: number) => notices.until((notice) => notice.type === type, nth)
  onTestFinished(() => connection.close())
  return { clock, connection, notices, messages, calls, endings, counts, told }
}

/** The same, open. */
const open = async (server: SocketServer, setup?: Setup) => {
  const setting = connectionTo(server.url, setup)
  setting.connection.connect()
  await setting.told('open')
  return { ...setting, socket: await server.sockets.until(() => true) }
}

const start = async (welcome?: Welcome): Promise<SocketServer> => {
  const server = await startSocketServer(welcome)
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

const errorsOf = ({ items }: Log<Notice>) =>
  items.flatMap((notice) => (notice.type === 'error' ? [notice.error] : []))

const attemptsOf = ({ items }: Log<Notice>) =>
  items.flatMap((notice) => (notice.type === 'reconnecting' ? [notice.attempt] : []))

describe('the address', () => {
  test.each([
    ['http://localhost:1', 'ws://localhost:1/v1/ws'],
    ['https://relay.example', 'wss://relay.example/v1/ws'],
    ['https://relay.example/base', 'wss://relay.example/base/v1/ws'],
  ])('of %s is %s', (baseUrl, address) => {
    expect(socketUrl(baseUrl, 't').split('?')[0]).toBe(address)
  })

  test('says who asks, and with which token', () => {
    const { searchParams } = new URL(socketUrl('http://localhost:1', 'a&b=c d'))
    expect(Object.fromEntries(searchParams)).toEqual({
      token: 'a&b=c d',
      origin_client: 'tabmux',
      origin_version: VERSION,
    })
  })
})

describe('a connection', () => {
  test('is closed before it is asked for', async () => {
    const server = await start()
    const { connection } = connectionTo(server.url)
    expect(connection.state).toBe('closed')
  })

  test('is connecting until the relay has answered', async () => {
    const server = await start('ignore')
    const { connection } = connectionTo(server.url)
    connection.connect()
    await server.attempts.until(() => true)
    expect(connection.state).toBe('connecting')
  })

  test('opens a socket with the token', async () => {
    const server = await start()
    const { socket } = await open(server)
    expect(socket.url.pathname).toBe('/v1/ws')
    expect(socket.url.searchParams.get('token')).toBe(TOKEN)
  })

  test('tells that it is open', async () => {
    const { connection, calls, notices } = await open(await start())
    expect(connection.state).toBe('connected')
    expect(connection.attempt).toBe(0)
    expect(calls).toEqual(['opened'])
    expect(notices.items).toEqual([{ type: 'open' }])
  })

  test('passes on what the relay says', async () => {
    const { socket, messages } = await open(await start())
    socket.send('one')
    socket.send('two')
    await messages.until(() => true, 2)
    expect(messages.items).toEqual(['one', 'two'])
  })

  test('passes on bytes as bytes', async () => {
    const { socket, messages } = await open(await start())
    socket.send(new Uint8Array([1, 2]))
    expect(await messages.until(() => true)).not.toBeTypeOf('string')
  })

  test('sends frames as JSON', async () => {
    const { socket, connection } = await open(await start())
    expect(connection.send({ type: 'subscribe', channels: ['general'] })).toBe(true)
    expect(await socket.received.until(() => true)).toBe('{"type":"subscribe","channels":["general"]}')
  })

  test('sends nothing while it is not open', async () => {
    const server = await start('ignore')
    const { connection } = connectionTo(server.url)
    expect(connection.send({ type: 'ping' })).toBe(false)
    connection.connect()
    await server.attempts.until(() => true)
    expect(connection.send({ type: 'ping' })).toBe(false)
  })
})

describe('a lost socket', () => {
  test('is told, and then the attempt to come', async () => {
    const { socket, told, notices, calls, connection } = await open(await start())
    socket.close(1011)
    await told('reconnecting')
    expect(notices.items).toEqual([{ type: 'open' }, { type: 'close' }, { type: 'reconnecting', attempt: 1 }])
    expect(calls).toEqual(['opened', 'closed'])
    expect(connection.state).toBe('reconnecting')
    expect(connection.attempt).toBe(1)
  })

  test('is no error', async () => {
    const { socket, told, notices } = await open(await start())
    socket.cut()
    await told('reconnecting')
    expect(errorsOf(notices)).toEqual([])
  })

  test('is replaced after the delay, and not before', async () => {
    const { socket, told, clock, counts } = await open(await start())
    socket.close(1011)
    await told('reconnecting')
    clock.advance(999)
    expect(counts.tokens).toBe(1)
    clock.advance(1)
    expect(counts.tokens).toBe(2)
    await told('open', 2)
  })

  test('says nothing any more', async () => {
    const server = await start()
    const { connection, told, messages, socket } = await open(server)
    connection.connect()
    socket.send('late')
    await told('open', 2)
    server.newest().send('new')
    await messages.until((data) => data === 'new')
    expect(messages.items).toEqual(['new'])
  })
})

describe('a relay that is not there', () => {
  test('is tried again after delays that grow up to the longest', async () => {
    const server = await start('refuse')
    const { connection, clock, told, counts } = connectionTo(server.url)
    connection.connect()
    for (const [index, delay] of [1_000, 2_000, 4_000, 8_000, 8_000].entries()) {
      await told('reconnecting', index + 1)
      clock.advance(delay - 1)
      expect(counts.tokens).toBe(index + 1)
      clock.advance(1)
      expect(counts.tokens).toBe(index + 2)
    }
  })

  test('is given up after the last attempt', async () => {
    const server = await start('refuse')
    const { connection, clock, told, notices, counts } = connectionTo(server.url, {
      options: { maxReconnectAttempts: 2 },
    })
    connection.connect()
    await told('reconnecting', 1)
    clock.advance(1_000)
    await told('reconnecting', 2)
    clock.advance(2_000)
    expect(await told('permanently_disconnected')).toEqual({ type: 'permanently_disconnected', attempt: 2 })
    expect(attemptsOf(notices)).toEqual([1, 2])
    expect(counts.tokens).toBe(3)
    expect(connection.state).toBe('disconnected')
    expect(clock.pending).toBe(0)
  })

  test('is given up at once where no further attempt is allowed', async () => {
    const server = await start('refuse')
    const { connection, told, notices } = connectionTo(server.url, { options: { maxReconnectAttempts: 0 } })
    connection.connect()
    expect(await told('permanently_disconnected')).toEqual({ type: 'permanently_disconnected', attempt: 0 })
    expect(attemptsOf(notices)).toEqual([])
  })

  test('is an error at each attempt', async () => {
    const server = await start('refuse')
    const { connection, clock, told, notices } = connectionTo(server.url)
    connection.connect()
    await told('reconnecting', 1)
    clock.advance(1_000)
    await told('reconnecting', 2)
    expect(errorsOf(notices).map(({ code }) => code)).toEqual(['connect_failed', 'connect_failed'])
  })

  test('is found again', async () => {
    const server = await start('refuse')
    const { connection, clock, told } = connectionTo(server.url)
    connection.connect()
    await told('reconnecting')
    server.welcome = 'accept'
    clock.advance(1_000)
    await told('open')
    expect(connection.attempt).toBe(0)
  })

  test('is tried again from the start when the app asks for it', async () => {
    const server = await start('refuse')
    const { connection, told } = connectionTo(server.url, { options: { maxReconnectAttempts: 0 } })
    connection.connect()
    await told('permanently_disconnected')
    server.welcome = 'accept'
    connection.connect()
    await told('open')
    expect(connection.state).toBe('connected')
  })
})

describe('how a socket has ended', () => {
  test('is told with what the relay says, before the notice of it', async () => {
    const { socket, endings, told } = await open(await start())
    socket.close(1012, 'a restart')
    await told('close')
    expect(endings).toEqual([{ code: 1012, reason: 'a restart' }])
  })

  test('quotes no token', async () => {
    const { socket, endings, told } = await open(await start())
    socket.close(1011, `I do not like ${TOKEN}`)
    await told('close')
    expect(endings).toEqual([{ code: 1011, reason: 'I do not like …' }])
  })

  test('is told of an attempt that has failed, with the code that the browser gives', async () => {
    const { connection, endings, told } = connectionTo((await start('refuse')).url)
    connection.connect()
    await told('reconnecting')
    expect(endings).toEqual([{ code: 1006 }])
  })

  test('is told where nothing answers a ping', async () => {
    const { clock, endings, told } = await open(await start())
    clock.advance(30_000)
    clock.advance(10_000)
    await told('close')
    expect(endings).toEqual([{ reason: 'no answer to a ping' }])
  })
})

describe('the attempts', () => {
  test('count on over sockets that open and say nothing', async () => {
    const server = await start()
    const { told, clock, notices } = await open(server)
    server.newest().close(1011)
    await told('reconnecting', 1)
    clock.advance(1_000)
    await told('open', 2)
    server.newest().close(1011)
    await told('reconnecting', 2)
    expect(attemptsOf(notices)).toEqual([1, 2])
  })

  test('start again from 1 once the relay has said something', async () => {
    const server = await start()
    const { told, clock, notices, messages } = await open(server)
    server.newest().close(1011)
    await told('reconnecting', 1)
    clock.advance(1_000)
    await told('open', 2)
    server.newest().send('{}')
    await messages.until(() => true)
    server.newest().close(1011)
    await told('reconnecting', 2)
    expect(attemptsOf(notices)).toEqual([1, 1])
  })
})

describe('an attempt without an answer', () => {
  test('counts as failed after the time allowed, and not before', async () => {
    const server = await start('ignore')
    const { connection, clock, notices } = connectionTo(server.url)
    connection.connect()
    await server.attempts.until(() => true)
    clock.advance(9_999)
    expect(notices.items).toEqual([])
    clock.advance(1)
    expect(errorsOf(notices)).toMatchObject([
      { code: 'connect_failed', message: expect.stringContaining('no answer within 10000 ms') },
    ])
    expect(attemptsOf(notices)).toEqual([1])
  })

  test('does not end a socket that has opened', async () => {
    const { clock, connection, notices } = await open(await start(), { options: { pingIntervalMs: 60_000 } })
    clock.advance(10_000)
    expect(connection.state).toBe('connected')
    expect(notices.items).toEqual([{ type: 'open' }])
  })
})

describe('a ping', () => {
  const ping = '{"type":"ping"}'

  test('is sent every 30 s', async () => {
    const { clock, socket, messages, connection } = await open(await start())
    for (let count = 1; count <= 3; count += 1) {
      clock.advance(29_999)
      connection.send({ type: 'before' })
      clock.advance(1)
      await socket.received.until((text) => text === ping, count)
      socket.send('{"type":"pong"}')
      await messages.until(() => true, count)
    }
    const before = '{"type":"before"}'
    expect(socket.received.items).toEqual([before, ping, before, ping, before, ping])
  })

  test('that nothing answers is the death of the socket', async () => {
    const { clock, notices, calls, connection } = await open(await start())
    clock.advance(30_000)
    clock.advance(9_999)
    expect(connection.state).toBe('connected')
    clock.advance(1)
    expect(notices.items).toEqual([{ type: 'open' }, { type: 'close' }, { type: 'reconnecting', attempt: 1 }])
    expect(calls).toEqual(['opened', 'closed'])
  })

  test('that nothing answers closes the socket for the relay too', async () => {
    const { clock, socket } = await open(await start())
    clock.advance(40_000)
    await expect(socket.ended).resolves.toBeTypeOf('number')
  })

  test.each(['{"type":"pong"}', '{"type":"message.pinned"}', 'not JSON'])(
    'is answered by any frame: %s',
    async (frame) => {
      const { clock, socket, messages, connection } = await open(await start())
      clock.advance(30_000)
      socket.send(frame)
      await messages.until(() => true)
      clock.advance(10_000)
      expect(connection.state).toBe('connected')
    },
  )

  test('is not answered by a frame that came before it', async () => {
    const { clock, socket, messages, connection } = await open(await start())
    clock.advance(29_999)
    socket.send('{}')
    await messages.until(() => true)
    clock.advance(10_001)
    expect(connection.state).toBe('reconnecting')
  })

  test('is not sent any more once the socket is lost', async () => {
    const server = await start()
    const { clock, socket, told, connection } = await open(server, {
      options: { reconnectBaseDelayMs: 100_000 },
    })
    socket.cut()
    await told('reconnecting')
    clock.advance(7_999)
    expect(clock.pending).toBe(1)
    expect(connection.state).toBe('reconnecting')
  })

  test('is sent as soon as the machine has woken up', async () => {
    const { clock, socket } = await open(await start())
    clock.sleep(20_000)
    expect(await socket.received.until(() => true)).toBe(ping)
  })

  test('is sent at once when it is asked for', async () => {
    const { clock, socket, connection } = await open(await start())
    connection.probe()
    expect(await socket.received.until(() => true)).toBe(ping)
    clock.advance(10_000)
    expect(connection.state).toBe('reconnecting')
  })

  test('is not sent while the socket is not open', async () => {
    const { clock, connection } = connectionTo((await start()).url)
    connection.probe()
    expect(clock.pending).toBe(0)
  })

  test('leaves nothing behind once its time is over', async () => {
    const { clock, socket, messages, connection } = await open(await start())
    const after = clock.after.bind(clock)
    let kept = 0
    clock.after = (ms, callback) => {
      const cancel = after(ms, callback)
      return () => {
        kept += 1
        cancel()
      }
    }
    for (let count = 1; count <= 20; count += 1) {
      clock.advance(30_000)
      socket.send('{"type":"pong"}')
      await messages.until(() => true, count)
    }
    connection.close()
    expect(kept).toBeLessThan(10)
  })
})

describe('a refused token', () => {
  test.each([1008, 4401, 4403])('(close code %i) is final if it stays the same', async (code) => {
    const { socket, told, connection, counts, clock, notices } = await open(await start())
    socket.close(code, 'no such agent')
    expect(await told('permanently_disconnected')).toEqual({ type: 'permanently_disconnected', attempt: 0 })
    expect(counts.tokens).toBe(2)
    expect(attemptsOf(notices)).toEqual([])
    expect(connection.state).toBe('disconnected')
    expect(clock.pending).toBe(0)
  })

  test('is told, with what the relay says about it', async () => {
    const { socket, told, notices, calls } = await open(await start())
    socket.close(1008, 'no such agent')
    await told('permanently_disconnected')
    expect(notices.items.map(({ type }) => type)).toEqual([
      'open',
      'close',
      'error',
      'permanently_disconnected',
    ])
    expect(errorsOf(notices)).toEqual([
      { code: 'unauthorized', message: 'the relay refused the token (close code 1008, "no such agent")' },
    ])
    expect(calls).toEqual(['opened', 'closed'])
  })

  test('is final also after the relay has said something', async () => {
    const { socket, told, messages, counts } = await open(await start())
    socket.send('{}')
    await messages.until(() => true)
    socket.close(1008)
    await told('permanently_disconnected')
    expect(counts.tokens).toBe(2)
  })

  test('is tried again when the app asks for it', async () => {
    const { socket, told, connection } = await open(await start())
    socket.close(1008)
    await told('permanently_disconnected')
    connection.connect()
    await told('open', 2)
    expect(connection.state).toBe('connected')
  })

  test('is followed by one more attempt after the delay, if there is another', async () => {
    const tokens = ['old', 'new', 'new']
    const server = await start()
    const { socket, told, clock, notices } = await open(server, {
      token: async () => tokens.shift() ?? 'none left',
    })
    socket.close(1008)
    await told('reconnecting')
    await settled()
    expect(server.attempts.items).toHaveLength(1)
    clock.advance(1_000)
    await told('open', 2)
    expect(server.attempts.items.map(({ searchParams }) => searchParams.get('token'))).toEqual(['old', 'new'])
    expect(attemptsOf(notices)).toEqual([1])
  })

  test('is final if the other one is refused as well, and stays', async () => {
    const tokens = ['old', 'new', 'new', 'new']
    const server = await start()
    const { told, clock, counts } = await open(server, { token: async () => tokens.shift() ?? 'none left' })
    server.newest().close(1008)
    await told('reconnecting')
    clock.advance(1_000)
    await told('open', 2)
    server.newest().close(1008)
    await told('permanently_disconnected')
    expect(counts.tokens).toBe(4)
  })

  test('is not sent once more where its source goes back to it', async () => {
    const tokens = ['old', 'new', 'old']
    const server = await start()
    const { socket, told, clock } = await open(server, { token: async () => tokens.shift() ?? 'none left' })
    socket.close(1008)
    await told('reconnecting')
    clock.advance(1_000)
    await told('permanently_disconnected')
    expect(server.attempts.items).toHaveLength(1)
  })
})

describe('the token', () => {
  test('is asked for at each attempt', async () => {
    const tokens = ['one', 'two']
    const server = await start()
    const { socket, told, clock } = await open(server, { token: async () => tokens.shift() ?? 'none left' })
    socket.close(1011)
    await told('reconnecting')
    clock.advance(1_000)
    await told('open', 2)
    expect(server.attempts.items.map(({ searchParams }) => searchParams.get('token'))).toEqual(['one', 'two'])
  })

  test('may take as long as it likes', async () => {
    const token = deferred<string>()
    const { connection, clock, told, notices } = connectionTo((await start()).url, {
      token: () => token.promise,
    })
    connection.connect()
    clock.advance(3_600_000)
    expect(connection.state).toBe('connecting')
    token.resolve(TOKEN)
    await told('open')
    expect(notices.items).toEqual([{ type: 'open' }])
  })

  test('that cannot be had is an error', async () => {
    const { connection, told, notices } = connectionTo((await start()).url, {
      token: () => Promise.reject(new Error('signed out')),
    })
    connection.connect()
    await told('reconnecting')
    expect(errorsOf(notices)).toEqual([
      { code: 'token_failed', message: 'the token function failed: signed out' },
    ])
  })

  test('that cannot be had is asked for again after the delay', async () => {
    const answers = [() => Promise.reject(new Error('offline')), () => Promise.resolve(TOKEN)]
    const { connection, told, clock, notices } = connectionTo((await start()).url, {
      token: () => answers.shift()?.() ?? Promise.reject(new Error('none left')),
    })
    connection.connect()
    await told('reconnecting')
    await settled()
    expect(connection.state).toBe('reconnecting')
    clock.advance(1_000)
    await told('open')
    expect(notices.items.map(({ type }) => type)).toEqual(['error', 'reconnecting', 'open'])
  })
})

describe('an attempt that is overtaken', () => {
  test('by close() before the token is there comes to nothing', async () => {
    const token = deferred<string>()
    const server = await start()
    const { connection, clock, notices } = connectionTo(server.url, { token: () => token.promise })
    connection.connect()
    connection.close()
    token.resolve(TOKEN)
    await settled()
    expect(connection.state).toBe('closed')
    expect(notices.items).toEqual([])
    // Nothing waits for an answer to an attempt either.
    expect(clock.pending).toBe(0)
  })

  test('by close() before the token fails comes to nothing', async () => {
    const token = deferred<string>()
    const { connection, notices } = connectionTo((await start()).url, { token: () => token.promise })
    connection.connect()
    connection.close()
    token.reject(new Error('too late'))
    await settled()
    expect(connection.state).toBe('closed')
    expect(notices.items).toEqual([])
  })

  test('by close() before the relay answers comes to nothing', async () => {
    const server = await start('ignore')
    const { connection, clock, notices } = connectionTo(server.url)
    connection.connect()
    await server.attempts.until(() => true)
    connection.close()
    await settled()
    expect(clock.pending).toBe(0)
    expect(connection.state).toBe('closed')
    expect(notices.items).toEqual([])
  })

  test('by connect() leaves the later one alone', async () => {
    const tokens = [deferred<string>(), deferred<string>()] as const
    const asked = [...tokens]
    const server = await start()
    const { connection, told, notices } = connectionTo(server.url, {
      token: () => asked.shift()?.promise ?? Promise.reject(new Error('none left')),
    })
    connection.connect()
    connection.connect()
    tokens[0].resolve('first')
    await settled()
    expect(connection.state).toBe('connecting')
    tokens[1].resolve('second')
    await told('open')
    expect(server.attempts.items.map(({ searchParams }) => searchParams.get('token'))).toEqual(['second'])
    expect(notices.items).toEqual([{ type: 'open' }])
  })

  test('by connect() while it waits for its turn does not come any more', async () => {
    const server = await start()
    const { connection, clock, socket, told, counts } = await open(server)
    socket.close(1011)
    await told('reconnecting')
    connection.connect()
    await told('open', 2)
    clock.advance(1_000)
    expect(counts.tokens).toBe(2)
  })
})

describe('close()', () => {
  test('closes the socket with code 1000', async () => {
    const { connection, socket } = await open(await start())
    connection.close()
    expect(await socket.ended).toBe(1000)
  })

  test('tells nobody: who asks for it knows', async () => {
    const { connection, socket, notices, calls } = await open(await start())
    connection.close()
    await socket.ended
    expect(notices.items).toEqual([{ type: 'open' }])
    expect(calls).toEqual(['opened'])
  })

  test('leaves no timer behind', async () => {
    const { connection, clock } = await open(await start())
    connection.probe()
    await connection.close()
    expect(clock.pending).toBe(0)
  })

  test('resolves when the socket is closed', async () => {
    const { connection, socket } = await open(await start())
    const order: string[] = []
    const closed = connection.close().then(() => order.push('closed'))
    await settled()
    expect(order).toEqual([])
    await Promise.all([closed, socket.ended])
    expect(order).toEqual(['closed'])
  })

  test('resolves at once if there is none', async () => {
    const { connection, clock } = connectionTo((await start()).url)
    await connection.close()
    expect(clock.pending).toBe(0)
  })

  test('resolves after 500 ms if the socket never says that it is closed', async () => {
    provide(
      class extends BrowserWebSocket {
        override close() {
          setImmediate(() => this.removeAllListeners('close').terminate())
        }
      },
    )
    const { connection, clock } = await open(await start())
    const order: string[] = []
    const closed = connection.close().then(() => order.push('closed'))
    clock.advance(499)
    await settled()
    expect(order).toEqual([])
    clock.advance(1)
    await closed
    expect(order).toEqual(['closed'])
  })
})

describe('connect()', () => {
  test('counts the attempts from 1 again', async () => {
    const { connection, clock, told, notices } = connectionTo((await start('refuse')).url)
    connection.connect()
    await told('reconnecting', 1)
    clock.advance(1_000)
    await told('reconnecting', 2)
    connection.connect()
    await told('reconnecting', 3)
    expect(attemptsOf(notices)).toEqual([1, 2, 1])
  })

  test('replaces the socket that there is', async () => {
    const server = await start()
    const { connection, socket, told } = await open(server)
    connection.connect()
    await told('open', 2)
    expect(await socket.ended).toBe(1000)
    expect(server.sockets.items).toHaveLength(2)
  })
})

describe('hurry()', () => {
  test('tries now what was to be tried later', async () => {
    const { connection, socket, told, clock } = await open(await start())
    socket.close(1011)
    await told('reconnecting')
    connection.hurry()
    await told('open', 2)
    expect(connection.state).toBe('connected')
    // What was to be tried later has gone with it.
    clock.advance(1_000)
    expect(connection.state).toBe('connected')
  })

  test('does nothing to a socket that is open', async () => {
    const { connection, counts } = await open(await start())
    connection.hurry()
    expect(connection.state).toBe('connected')
    expect(counts.tokens).toBe(1)
  })

  test('wakes a connection that has given up, with all its attempts and whatever token there is', async () => {
    const server = await start()
    const answers = ['at_old', 'at_old', 'at_old']
    const { connection, told, notices, counts } = connectionTo(server.url, {
      token: () => Promise.resolve(answers.shift() ?? TOKEN),
      options: { maxReconnectAttempts: 1 },
    })
    connection.connect()
    const socket = await server.sockets.until(() => true)
    socket.close(1008, 'refused')
    await told('permanently_disconnected')
    expect(connection.state).toBe('disconnected')
    expect(counts.tokens).toBe(2)
    // The token that was refused may be tried again: this is a new beginning.
    connection.hurry()
    expect(connection.state).toBe('connecting')
    await told('open', 2)
    expect(connection.state).toBe('connected')
    expect(connection.attempt).toBe(0)
    expect(counts.tokens).toBe(3)
    // It has its one attempt again.
    const second = await server.sockets.until(() => true, 2)
    second.close(1011)
    await told('reconnecting')
    expect(attemptsOf(notices)).toEqual([1])
  })

  test('wakes a connection whose attempts are used up, and lets it give up again', async () => {
    const { connection, told, counts } = connectionTo((await start('refuse')).url, {
      options: { maxReconnectAttempts: 0 },
    })
    connection.connect()
    await told('permanently_disconnected')
    connection.hurry()
    expect(connection.state).toBe('connecting')
    await told('permanently_disconnected', 2)
    expect(connection.state).toBe('disconnected')
    expect(counts.tokens).toBe(2)
  })

  test('does not wake a connection that was never asked for', async () => {
    const { connection, counts } = connectionTo((await start()).url)
    connection.hurry()
    await settled()
    expect(connection.state).toBe('closed')
    expect(counts.tokens).toBe(0)
  })

  test('does not wake a connection that is closed, also after it had given up', async () => {
    const { connection, told, counts } = connectionTo((await start('refuse')).url, {
      options: { maxReconnectAttempts: 0 },
    })
    connection.connect()
    await told('permanently_disconnected')
    connection.close()
    connection.hurry()
    await settled()
    expect(connection.state).toBe('closed')
    expect(counts.tokens).toBe(1)
  })
})

describe('the token is in no error message', () => {
  test('if the relay is not there', async () => {
    const { connection, told, notices } = connectionTo((await start('refuse')).url)
    connection.connect()
    await told('reconnecting')
    expect(JSON.stringify(notices.items)).not.toContain(TOKEN)
  })

  test('if the relay does not answer', async () => {
    const server = await start('ignore')
    const { connection, clock, told, notices } = connectionTo(server.url)
    connection.connect()
    await server.attempts.until(() => true)
    clock.advance(10_000)
    await told('reconnecting')
    expect(JSON.stringify(notices.items)).not.toContain(TOKEN)
  })

  test('if the browser refuses the address', async () => {
    provide(function refuse(url: string) {
      throw new SyntaxError(`the URL '${url}' is not allowed`)
    })
    const { connection, told, notices } = connectionTo('http://relay.example')
    connection.connect()
    await told('permanently_disconnected')
    expect(errorsOf(notices)).toMatchObject([{ code: 'connect_failed' }])
    expect(JSON.stringify(notices.items)).not.toContain(TOKEN)
  })

  test('if the relay refuses it', async () => {
    const { socket, told, notices } = await open(await start())
    socket.close(1008, 'refused')
    await told('permanently_disconnected')
    expect(JSON.stringify(notices.items)).not.toContain(TOKEN)
  })

  test('if the relay refuses it and quotes it', async () => {
    const { socket, told, notices } = await open(await start())
    socket.close(1008, `there is no agent with the token ${TOKEN}`)
    await told('permanently_disconnected')
    expect(JSON.stringify(notices.items)).not.toContain(TOKEN)
  })
})
