/** What an app gives to `connect` beside its address: on a real worker and a real relay. */
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { dm, newAgent } from './fakes/agent.js'
import { connect, TabmuxError, type HistoryEntry, type Relay } from './index.js'
import { spans as toSpans, type TraceSpan } from './trace/index.js'

const { client: url } = inject('relays')

const open = (options: Parameters<typeof connect>[0]): Relay => {
  const relay = connect(options)
  onTestFinished(() => relay.close())
  return relay
}

const fail = (): never => {
  throw new Error('no')
}

/** Sends it, and waits until this tab has got it. */
const sendAndHear = async (relay: Relay, agent: string, text: string): Promise<void> => {
  const heard = new Promise<void>((resolve) => {
    const off = relay.on.dmReceived(({ message }) => {
      if (message.text !== text) return
      off()
      resolve()
    })
  })
  await dm(url, agent, text)
  await heard
}

describe('a signal', () => {
  test('closes the relay when it aborts', async () => {
    const controller = new AbortController()
    const relay = open({ ...newAgent(url), signal: controller.signal })
    await relay.ready
    controller.abort()
    expect(relay.status.state).toBe('closed')
  })

  test('that has aborted leaves it closed, and nobody is asked for a token', async () => {
    const token = vi.fn<() => string>(() => 'at_live_bob')
    const { agent: _agent, ...options } = newAgent(url)
    const relay = open({ ...options, token, signal: AbortSignal.abort() })
    expect(relay.status.state).toBe('closed')
    await expect(relay.ready).rejects.toMatchObject({ code: 'closed' })
    await expect(relay.history()).rejects.toMatchObject({ code: 'closed' })
    expect(token).not.toHaveBeenCalled()
  })
})

describe('events()', () => {
  const readAll = async (iterator: AsyncIterable<HistoryEntry>): Promise<unknown[]> => {
    const read: unknown[] = []
    try {
      for await (const { event } of iterator) read.push(Object(Reflect.get(event, 'message')).text)
    } catch (error) {
      read.push(error instanceof TabmuxError ? error.code : error)
    }
    return read
  }

  test('gives what waits, and then the error, to a loop that is too far behind', async () => {
    const options = newAgent(url)
    const relay = open(options)
    await relay.ready
    const iterator = relay.events({ maxBuffered: 2 })
    for (const text of ['one', 'two', 'three']) await sendAndHear(relay, options.agent, text)
    expect(await readAll(iterator)).toEqual(['one', 'two', 'limit_exceeded'])
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses %s as the number that may wait', (maxBuffered) => {
    const relay = open(newAgent(url))
    expect(() => relay.events({ maxBuffered })).toThrow('events: expected maxBuffered to be a whole number')
  })

  test('can be without a bound', () => {
    const relay = open(newAgent(url))
    expect(() => relay.events({ maxBuffered: Number.POSITIVE_INFINITY })).not.toThrow()
  })
})

describe('a logger', () => {
  const recorder = () => {
    const said: string[] = []
    const say =
      (level: string) =>
      (...[what]: readonly unknown[]) =>
        said.push(`${level} ${what instanceof TabmuxError ? what.code : String(what)}`)
    return {
      said,
      logger: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
    }
  }

  test('is told of the connection, and of what nobody else is told', async () => {
    const { said, logger } = recorder()
    const options = newAgent(url)
    const relay = open({ ...options, logger })
    await relay.ready
    await expect.poll(() => said).toContain('info tabmux: open')
    expect(said).toContain('debug tabmux: connected')
    const off = relay.on.dmReceived(fail)
    await sendAndHear(relay, options.agent, 'one')
    off()
    expect(said).toContain('error handler_failed')
    relay.reconnect()
    await expect.poll(() => said).toContain('debug tabmux: resynced')
    expect(said).toContain('info tabmux: close')
    expect(said.join()).not.toContain(options.token)
  })

  test('is not told of an error that a handler is told of', async () => {
    const { said, logger } = recorder()
    const options = newAgent(url)
    const relay = open({ ...options, logger })
    const errors: string[] = []
    relay.on.error(({ code }) => errors.push(code))
    relay.on.dmReceived(fail)
    await relay.ready
    await sendAndHear(relay, options.agent, 'one')
    expect(errors).toEqual(['handler_failed'])
    expect(said.filter((line) => line.startsWith('error'))).toEqual([])
  })

  test('that throws keeps no event from anybody', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    onTestFinished(() => error.mockRestore())
    const options = newAgent(url)
    const relay = open({ ...options, logger: { debug: fail, info: fail, warn: fail, error: fail } })
    await relay.ready
    await sendAndHear(relay, options.agent, 'one')
    expect(error).toHaveBeenCalled()
  })

  test('is the console by default, for problems only', async () => {
    const spies = (['debug', 'info', 'log', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    )
    onTestFinished(() => spies.forEach((spy) => spy.mockRestore()))
    const options = newAgent(url)
    const relay = open(options)
    await relay.ready
    await sendAndHear(relay, options.agent, 'one')
    relay.reconnect()
    await new Promise((resolve) => relay.on.any(({ type }) => type === 'resynced' && resolve(null)))
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([])
    const off = relay.on.dmReceived(() => Promise.reject(new Error('no')))
    await sendAndHear(relay, options.agent, 'two')
    off()
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0, 0, 1])
  })
})

describe('trace', () => {
  test('gets a span for each batch, handler, resync and reconnect', async () => {
    const spans: TraceSpan[] = []
    const options = newAgent(url)
    const began = Date.now()
    const relay = open({ ...options, trace: toSpans((span) => void spans.push(span)) })
    await relay.ready
    const named = (name: TraceSpan['name']) => spans.filter((span) => span.name === name)
    await sendAndHear(relay, options.agent, 'one')
    await expect
      .poll(() => named('batch').map(({ attributes }) => attributes))
      .toEqual([{ entries: 1, offset: 1 }])
    expect(named('handler').map(({ attributes }) => attributes)).toEqual([{ type: 'dm.received', offset: 1 }])
    relay.reconnect()
    await expect
      .poll(() => named('resync').map(({ attributes }) => attributes))
      .toEqual([{ replayed: 0, gapDetected: false, source: 'relay' }])
    await expect.poll(() => named('reconnect')).toHaveLength(1)
    for (const { startTime, durationMs } of spans) {
      expect(startTime).toBeGreaterThanOrEqual(began - 1)
      expect(durationMs).toBeGreaterThanOrEqual(0)
    }
  })

  test('gets what a handler threw', async () => {
    const spans: TraceSpan[] = []
    const options = newAgent(url)
    const relay = open({ ...options, trace: toSpans((span) => void spans.push(span)), logger: {} })
    await relay.ready
    const thrown = new Error('no')
    relay.on.dmReceived(() => {
      throw thrown
    })
    await sendAndHear(relay, options.agent, 'one')
    expect(spans.flatMap(({ error }) => error ?? [])).toEqual([thrown])
  })

  test('whose hooks throw is reported to the logger, and keeps no event from anybody', async () => {
    const said: unknown[] = []
    const options = newAgent(url)
    const relay = open({
      ...options,
      trace: { entry: fail, handler: fail, resynced: fail, status: fail },
      logger: { error: (error) => void said.push(error) },
    })
    relay.on.error(() => undefined)
    await relay.ready
    await sendAndHear(relay, options.agent, 'one')
    await sendAndHear(relay, options.agent, 'two')
    expect(said[0]).toMatchObject({ code: 'handler_failed', message: 'trace failed: no' })
  })
})

describe('the stored position', () => {
  test('is written with each batch of events, and not with what is no event', async () => {
    const options = newAgent(url)
    const relay = open(options)
    await relay.ready
    const written = vi.spyOn(Storage.prototype, 'setItem')
    onTestFinished(() => written.mockRestore())
    for (const channel of ['a', 'b']) {
      relay.subscribe([channel])
      await expect.poll(() => relay.status.channels).toContain(channel)
    }
    expect(written).not.toHaveBeenCalled()
    await sendAndHear(relay, options.agent, 'hello')
    await expect.poll(() => written.mock.calls.length).toBe(1)
  })
})
