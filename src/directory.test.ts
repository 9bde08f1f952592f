import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WorkerAddress } from './bridge.js'
import { addressOf, agentLock, successorOf, workerLockOf } from './directory.js'

const here: WorkerAddress = { bridge: 1, url: 'https://app.example/relay.worker.js?v=2', name: 'tabmux' }

const addresses = fc.record({ bridge: fc.nat(), url: fc.string(), name: fc.string({ unit: 'binary' }) })

describe("a worker's lock", () => {
  test('says where the worker can be reached', () => {
    expect(addressOf(workerLockOf(here))).toEqual(here)
  })

  test('says so for any address', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(addressOf(workerLockOf(address))).toEqual(address)
      }),
    )
  })

  test('is another one for each worker, also of the same address', () => {
    expect(workerLockOf(here)).not.toBe(workerLockOf(here))
  })

  test("is not taken for an agent's", () => {
    expect(workerLockOf(here)).not.toBe(agentLock(here.name))
    expect(addressOf(agentLock('alice@relay.example'))).toBeNull()
  })
})

describe('no address', () => {
  test('is in the name of any other lock', () => {
    fc.assert(fc.property(fc.string(), (lock) => addressOf(lock) === null))
  })

  test.each([
    'tabmux:tab:00000000-0000-4000-8000-000000000000',
    'tabmux:worker:',
    'tabmux:worker:00000000-0000-4000-8000-000000000000',
    'tabmux:worker:{"bridge":1,"url":"u","name":"n"}',
    'tabmux:worker:null',
    'tabmux:worker:[]',
    'tabmux:worker:[1,"u"]',
    'tabmux:worker:["1","u","n","id"]',
    'tabmux:worker:[1,null,"n","id"]',
    'tabmux:worker:[1,"u",7,"id"]',
    'tabmux:worker:[1,"u","n","id"',
    ' tabmux:worker:[1,"u","n","id"]',
  ])('is in %s', (lock) => {
    expect(addressOf(lock)).toBeNull()
  })
})

describe('the successor of a worker', () => {
  test.each([
    ['tabmux', 'tabmux~1'],
    ['tabmux~1', 'tabmux~2'],
    ['tabmux~9', 'tabmux~10'],
    ['tabmux~0', 'tabmux~1'],
    ['', '~1'],
    ['~1', '~2'],
    ['a~b', 'a~b~1'],
    ['a~1~2', 'a~1~3'],
    ['a~', 'a~~1'],
    ['line\nbreak', 'line\nbreak~1'],
    ['line\nbreak~1', 'line\nbreak~2'],
  ])('of the name %j is called %j', (name, next) => {
    expect(successorOf({ ...here, name }).name).toBe(next)
  })

  test('is the same script', () => {
    expect(successorOf(here)).toEqual({ ...here, name: 'tabmux~1' })
  })

  test('is another worker each time', () => {
    const names = new Set<string>()
    let address = here
    for (let count = 0; count < 100; count++) names.add((address = successorOf(address)).name)
    expect(names.size).toBe(100)
  })
})
