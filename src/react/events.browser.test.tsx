/** `useRelayEvents` in React's StrictMode, on a real worker and a real relay. */
import { useEffect, useState } from 'react'
import { expect, inject, test } from 'vitest'
import { dm, endWorker, newAgent, post } from '../fakes/agent.js'
import { connect, type HistoryEntry, type Relay } from '../index.js'
import { mount } from './fakes/mounted.js'
import { RelayProvider, useRelayEvents, useRelayStatus, type RelayEventsOptions } from './index.js'

const { events: url } = inject('relays')

const textsOf = (entries: readonly { readonly event: HistoryEntry['event'] }[]): string =>
  entries.map(({ event }) => Object(Reflect.get(event, 'message')).text ?? event.type).join(' ')

/** Shows the texts of the events, and keeps every array that it was given. */
const shower = (options: RelayEventsOptions) => {
  const given: (readonly HistoryEntry[])[] = []
  const Shown = () => {
    const entries: readonly HistoryEntry[] = useRelayEvents(options)
    if (given.at(-1) !== entries) given.push(entries)
    return textsOf(entries)
  }
  return { given, Shown }
}

const tree = (relay: Relay, Shown: () => string) => (
  <RelayProvider relay={relay}>
    <Shown />
  </RelayProvider>
)

/** A relay that has had these direct messages, and goes on. */
const connected = async (texts: readonly string[]) => {
  const options = newAgent(url)
  const relay = connect(options)
  await relay.ready
  const heard: string[] = []
  const off = relay.on.dmReceived(({ message }) => heard.push(message.text))
  for (const text of texts) await dm(url, options.agent, text)
  await expect.poll(() => heard).toEqual(texts)
  off()
  return {
    relay,
    send: (text: string) => dm(url, options.agent, text),
    [Symbol.dispose]: () => relay.close(),
  }
}

test('begins with what the journal holds, and goes on with what comes', async () => {
  using tab = await connected(['a', 'b', 'c'])
  const { Shown } = shower({ types: ['dm.received'] })
  const mounted = mount(tree(tab.relay, Shown))
  await expect.poll(mounted.text).toBe('a b c')
  await tab.send('d')
  await expect.poll(mounted.text).toBe('a b c d')
})

test('holds no more than the limit', async () => {
  using tab = await connected(['a', 'b', 'c'])
  const { given, Shown } = shower({ types: ['dm.received'], limit: 2 })
  const mounted = mount(tree(tab.relay, Shown))
  await expect.poll(mounted.text).toBe('b c')
  for (const text of ['d', 'e', 'f', 'g', 'h']) await tab.send(text)
  await expect.poll(mounted.text).toBe('g h')
  expect(Math.max(...given.map(({ length }) => length))).toBe(2)
})

test('has everything once under a stream that goes on while it asks', async () => {
  using tab = await connected([])
  const wanted = Array.from({ length: 60 }, (_, index) => `m${index}`)
  const sending = (async () => {
    for (const text of wanted) await tab.send(text)
  })()
  // One component after another begins in the middle of it.
  const shown = []
  for (let count = 0; count < 10; count++) {
    const { given, Shown } = shower({ types: ['dm.received'], limit: 100 })
    const mounted = mount(tree(tab.relay, Shown))
    await expect.poll(() => given.at(-1)?.length).toBeGreaterThan(0)
    shown.push(mounted)
  }
  await sending
  for (const mounted of shown) await expect.poll(mounted.text).toBe(wanted.join(' '))
})

test('gives the same array until it changes, and one a batch', async () => {
  using tab = await connected(['a'])
  const { given, Shown } = shower({ types: ['dm.received'] })
  let again: (count: number) => void = () => undefined
  const Parent = () => {
    const [count, setCount] = useState(0)
    useEffect(() => {
      again = setCount
    }, [])
    useRelayStatus()
    return (
      <>
        <Shown /> {count}
      </>
    )
  }
  const mounted = mount(
    <RelayProvider relay={tab.relay}>
      <Parent />
    </RelayProvider>,
  )
  await expect.poll(mounted.text).toBe('a 0')
  again(1)
  await expect.poll(mounted.text).toBe('a 1')
  expect(given.map(textsOf)).toEqual(['', 'a'])
  expect(Object.isFrozen(given[1])).toBe(true)
})

test('finds what matches further back in the journal', async () => {
  using tab = await connected(['far back'])
  const posts = Array.from({ length: 12 }, (_, index) => `p${index}`)
  const heard: string[] = []
  tab.relay.on.messageCreated(({ message }) => heard.push(message.text))
  for (const text of posts) await post(url, text, 'random')
  await expect.poll(() => heard).toEqual(posts)
  const { Shown } = shower({ channels: ['@self'], limit: 2 })
  const mounted = mount(tree(tab.relay, Shown))
  await expect.poll(mounted.text).toBe('far back')
})

test('asks the relay for its channels as long as it is mounted, and leaves out the others', async () => {
  using tab = await connected([])
  const { Shown } = shower({ channels: ['#general'] })
  const mounted = mount(tree(tab.relay, Shown))
  await expect.poll(() => tab.relay.status.channels).toEqual(['general'])
  await post(url, 'elsewhere', 'random')
  await tab.send('to me')
  await post(url, 'here', 'general')
  await expect.poll(mounted.text).toBe('here')
  mounted.unmount()
  await expect.poll(() => tab.relay.status.channels).toEqual([])
})

test('goes on after the page was in the back/forward cache', async () => {
  const options = newAgent(url)
  using relay = connect(options)
  const { Shown } = shower({ types: ['dm.received'] })
  const mounted = mount(tree(relay, Shown))
  await relay.ready
  await dm(url, options.agent, 'a')
  await expect.poll(mounted.text).toBe('a')
  const { instance } = relay.status
  // What the browser tells a page that goes there and comes back.
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  await dm(url, options.agent, 'b')
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  await expect.poll(mounted.text).toBe('a b')
  expect(relay.status.instance).toBe(instance)
})

test('begins anew with a journal that gives its offsets anew', async () => {
  const options = newAgent(url)
  using relay = connect({ ...options, persist: 'none' })
  const { Shown } = shower({ types: ['dm.received'] })
  const mounted = mount(tree(relay, Shown))
  await relay.ready
  for (const text of ['a', 'b']) await dm(url, options.agent, text)
  await expect.poll(mounted.text).toBe('a b')
  const lost = new Promise((resolve) => relay.on.resynced(resolve))
  const { instance } = relay.status
  endWorker(options)
  expect(await lost).toMatchObject({ cause: 'journal_lost' })
  await expect.poll(() => relay.status).toMatchObject({ state: 'connected' })
  expect(relay.status.instance).not.toBe(instance)
  await dm(url, options.agent, 'c')
  await expect.poll(mounted.text).toBe('c')
})

test('shows what there was when the relay is closed', async () => {
  using tab = await connected(['a'])
  const { Shown } = shower({})
  const mounted = mount(tree(tab.relay, Shown))
  await expect.poll(mounted.text).toBe('a')
  tab.relay.close()
  const State = () => useRelayStatus(({ state }) => state)
  mounted.render(
    <RelayProvider relay={tab.relay}>
      <Shown />
      <State />
    </RelayProvider>,
  )
  await expect.poll(mounted.text).toBe('aclosed')
})
