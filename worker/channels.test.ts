import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Channels } from './channels.js'

describe('the union', () => {
  test('is empty where nobody wants anything', () => {
    expect(new Channels<string>().all()).toEqual([])
  })

  test('has each channel once, in the order of the alphabet', () => {
    const channels = new Channels<string>()
    channels.set('tab 1', ['general', 'alerts'])
    channels.set('tab 2', ['random', 'general'])
    expect(channels.all()).toEqual(['alerts', 'general', 'random'])
  })
})

describe('a change', () => {
  test('tells what is wanted now and was not before', () => {
    const channels = new Channels<string>()
    channels.set('tab 1', ['general'])
    expect(channels.set('tab 2', ['general', 'random'])).toEqual({ added: ['random'], removed: [] })
  })

  test('tells what nobody wants any more', () => {
    const channels = new Channels<string>()
    channels.set('tab 1', ['general', 'random'])
    channels.set('tab 2', ['general'])
    expect(channels.set('tab 1', [])).toEqual({ added: [], removed: ['random'] })
  })

  test('replaces what the same owner wanted before', () => {
    const channels = new Channels<string>()
    channels.set('tab 1', ['general'])
    expect(channels.set('tab 1', ['random'])).toEqual({ added: ['random'], removed: ['general'] })
  })

  test('tells nothing if nothing changes', () => {
    const channels = new Channels<string>()
    channels.set('tab 1', ['general'])
    expect(channels.set('tab 1', ['general', 'general'])).toEqual({ added: [], removed: [] })
  })

  test('is not undone by a later change to the list that was passed', () => {
    const channels = new Channels<string>()
    const list = ['general']
    channels.set('tab 1', list)
    list.push('random')
    expect(channels.all()).toEqual(['general'])
  })
})

test('a relay that follows the changes has the union', () => {
  const change = fc.tuple(fc.nat(3), fc.subarray(['a', 'b', 'c', 'd']))
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const channels = new Channels<number>()
      const wanted = new Map<number, readonly string[]>()
      const relay = new Set<string>()
      for (const [owner, list] of changes) {
        wanted.set(owner, list)
        const { added, removed } = channels.set(owner, list)
        if (added.some((channel) => relay.has(channel))) return false
        if (removed.some((channel) => !relay.has(channel))) return false
        for (const channel of added) relay.add(channel)
        for (const channel of removed) relay.delete(channel)
      }
      const expected = [...new Set([...wanted.values()].flat())].toSorted()
      return (
        JSON.stringify(channels.all()) === JSON.stringify(expected) &&
        JSON.stringify([...relay].toSorted()) === JSON.stringify(expected)
      )
    }),
  )
})
