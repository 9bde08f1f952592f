import { describe, expect, test } from 'vitest'
import { Emitter } from './emitter.js'

const setUp = () => {
  const failures: unknown[] = []
  const heard: string[] = []
  const emitter = new Emitter<[string]>((error) => failures.push(error))
  const hear =
    (name: string) =>
    (event: string): void => {
      heard.push(`${name} ${event}`)
    }
  return { emitter, failures, heard, hear }
}

describe('a handler', () => {
  test('is called with all that is emitted', () => {
    const heard: unknown[] = []
    const emitter = new Emitter<[string, number]>(() => undefined)
    emitter.on((...args) => heard.push(args))
    emitter.emit('a', 1)
    expect(heard).toEqual([['a', 1]])
  })

  test('is called in the order in which it was added', () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(hear('first'))
    emitter.on(hear('second'))
    emitter.emit('a')
    expect(heard).toEqual(['first a', 'second a'])
  })

  test('that is added twice is called twice', () => {
    const { emitter, heard, hear } = setUp()
    const handler = hear('one')
    emitter.on(handler)
    emitter.on(handler)
    emitter.emit('a')
    expect(heard).toEqual(['one a', 'one a'])
  })

  test('that is added too late is not called', () => {
    const { emitter, heard, hear } = setUp()
    emitter.emit('a')
    emitter.on(hear('one'))
    expect(heard).toEqual([])
  })

  test('that is added by a handler is not called for the same event', () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(() => {
      emitter.on(hear('added'))
    })
    emitter.emit('a')
    expect(heard).toEqual([])
  })

  test('that is removed by the one before it is not called', () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(() => off())
    const off = emitter.on(hear('second'))
    emitter.emit('a')
    expect(heard).toEqual([])
  })

  test('that removes itself does not keep the next one from being called', () => {
    const { emitter, heard, hear } = setUp()
    const off = emitter.on(() => off())
    emitter.on(hear('second'))
    emitter.emit('a')
    expect(heard).toEqual(['second a'])
  })
})

describe('to unsubscribe', () => {
  test('ends the calls', () => {
    const { emitter, heard, hear } = setUp()
    const off = emitter.on(hear('one'))
    off()
    emitter.emit('a')
    expect(heard).toEqual([])
  })

  test('is safe to do twice', () => {
    const { emitter, heard, hear } = setUp()
    const off = emitter.on(hear('one'))
    emitter.on(hear('two'))
    off()
    off()
    emitter.emit('a')
    expect(heard).toEqual(['two a'])
  })

  test('ends one of two calls of the same function', () => {
    const { emitter, heard, hear } = setUp()
    const handler = hear('one')
    const off = emitter.on(handler)
    emitter.on(handler)
    off()
    off()
    emitter.emit('a')
    expect(heard).toEqual(['one a'])
  })

  test('leaves nothing at the signal', () => {
    const { emitter, hear } = setUp()
    const { signal } = new AbortController()
    const removed: string[] = []
    signal.removeEventListener = (type: string) => removed.push(type)
    emitter.on(hear('one'), { signal })()
    expect(removed).toEqual(['abort'])
  })
})

describe('a signal', () => {
  test('that is aborted ends the calls', () => {
    const { emitter, heard, hear } = setUp()
    const controller = new AbortController()
    emitter.on(hear('one'), { signal: controller.signal })
    controller.abort()
    emitter.emit('a')
    expect(heard).toEqual([])
    expect(emitter.isEmpty).toBe(true)
  })

  test('that was aborted before lets none begin', () => {
    const { emitter, heard, hear } = setUp()
    const off = emitter.on(hear('one'), { signal: AbortSignal.abort() })
    emitter.emit('a')
    expect(heard).toEqual([])
    expect(off).not.toThrow()
  })

  test('may be aborted after the handler is removed', () => {
    const { emitter, heard, hear } = setUp()
    const controller = new AbortController()
    const off = emitter.on(hear('one'), { signal: controller.signal })
    emitter.on(hear('two'))
    off()
    controller.abort()
    emitter.emit('a')
    expect(heard).toEqual(['two a'])
  })
})

describe('a handler that comes late', () => {
  test('is told what there is for it, and not at once', async () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(hear('one'), {}, ['late'])
    expect(heard).toEqual([])
    await Promise.resolve()
    expect(heard).toEqual(['one late'])
  })

  test('is the only one that is told', async () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(hear('one'))
    emitter.on(hear('two'), {}, ['late'])
    await Promise.resolve()
    expect(heard).toEqual(['two late'])
  })

  test('is told nothing if it is removed before', async () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(hear('one'), {}, ['late'])()
    await Promise.resolve()
    expect(heard).toEqual([])
  })

  test('is told of if it fails', async () => {
    const { emitter, failures } = setUp()
    const error = new Error('mine')
    emitter.on(
      () => {
        throw error
      },
      {},
      ['late'],
    )
    await Promise.resolve()
    expect(failures).toEqual([error])
  })
})

describe('a handler that fails', () => {
  const error = new Error('mine')

  test('starves nobody', () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(hear('first'))
    emitter.on(() => {
      throw error
    })
    emitter.on(hear('last'))
    emitter.emit('a')
    expect(heard).toEqual(['first a', 'last a'])
  })

  test('by throwing is told of', () => {
    const { emitter, failures } = setUp()
    emitter.on(() => {
      throw error
    })
    emitter.emit('a')
    expect(failures).toEqual([error])
  })

  test('by rejecting is told of', async () => {
    const { emitter, failures } = setUp()
    emitter.on(() => Promise.reject(error))
    emitter.emit('a')
    await Promise.resolve()
    expect(failures).toEqual([error])
  })

  test.each<readonly [how: string, handle: () => unknown]>([
    [
      'throwing',
      () => {
        throw error
      },
    ],
    ['rejecting', () => Promise.reject(error)],
  ])('by %s is told of with what it had been told', async (_, handle) => {
    const failures: unknown[] = []
    const emitter = new Emitter<[string, number]>((...args) => failures.push(args))
    emitter.on(handle)
    emitter.on(handle, {}, ['late', 2])
    emitter.emit('a', 1)
    await new Promise((resolve) => setTimeout(resolve))
    expect(failures).toEqual([
      [error, 'a', 1],
      [error, 'a', 1],
      [error, 'late', 2],
    ])
  })

  test('by rejecting late is told of with its own event', async () => {
    const failures: unknown[] = []
    const emitter = new Emitter<[string]>((...args) => failures.push(args))
    const rejects: ((reason: unknown) => void)[] = []
    emitter.on(() => new Promise((_, reject) => rejects.push(reject)))
    emitter.emit('a')
    emitter.emit('b')
    for (const reject of rejects.toReversed()) reject(error)
    await new Promise((resolve) => setTimeout(resolve))
    expect(failures).toEqual([
      [error, 'b'],
      [error, 'a'],
    ])
  })

  test('is called again', () => {
    const { emitter, failures } = setUp()
    emitter.on(() => {
      throw error
    })
    emitter.emit('a')
    emitter.emit('b')
    expect(failures).toEqual([error, error])
  })
})

describe('to settle', () => {
  const error = new Error('as it should')

  test('takes as long as the slowest handler', async () => {
    const { emitter, heard, hear } = setUp()
    let finish = (): void => undefined
    emitter.on(hear('one'))
    emitter.on(() => new Promise<void>((resolve) => (finish = resolve)))
    let isSettled = false
    const settling = emitter.settle('a').then(() => (isSettled = true))
    expect(heard).toEqual(['one a'])
    await new Promise((resolve) => setTimeout(resolve))
    expect(isSettled).toBe(false)
    finish()
    await settling
  })

  test.each([
    [
      'throws',
      () => {
        throw error
      },
    ],
    ['rejects', () => Promise.reject(error)],
  ])('is done all the same with one that %s', async (_, handle) => {
    const { emitter, failures, heard, hear } = setUp()
    emitter.on(handle)
    emitter.on(hear('next'))
    await emitter.settle('a')
    expect([heard, failures]).toEqual([['next a'], [error]])
  })

  test('asks nobody who has been removed', async () => {
    const { emitter, heard, hear } = setUp()
    emitter.on(() => off())
    const off = emitter.on(hear('removed'))
    await emitter.settle('a')
    expect(heard).toEqual([])
  })
})

describe('an emitter', () => {
  test('is empty without handlers', () => {
    const { emitter, hear } = setUp()
    expect(emitter.isEmpty).toBe(true)
    const off = emitter.on(hear('one'))
    expect(emitter.isEmpty).toBe(false)
    off()
    expect(emitter.isEmpty).toBe(true)
  })
})

test('each call is told with its start and what it threw, before the failure', () => {
  const told: unknown[] = []
  const emitter = new Emitter<[string]>(
    (error) => told.push(['failed', error]),
    (start, error, event) => told.push(['ran', start <= performance.now(), error, event]),
  )
  emitter.on(() => undefined)
  emitter.on(() => {
    throw 'no'
  })
  emitter.emit('a')
  expect(told).toEqual([
    ['ran', true, undefined, 'a'],
    ['ran', true, 'no', 'a'],
    ['failed', 'no'],
  ])
})
