/** The hooks in React's StrictMode, on a real worker and a real relay. */
import { Component, useEffect, useState, type ReactNode } from 'react'
import { expect, inject, test } from 'vitest'
import { dm, newAgent } from '../fakes/agent.js'
import { connect, TabmuxError, type Relay } from '../index.js'
import { mount } from './fakes/mounted.js'
import { RelayProvider, useRelay, useRelayEvent, useRelayStatus, useResynced } from './index.js'

const { react: url } = inject('relays')

/** What is shown of each relay that the tree has had. */
const relays = (): { readonly seen: Relay[]; readonly Relays: () => null } => {
  const seen: Relay[] = []
  const Relays = () => {
    const relay = useRelay()
    useEffect(() => {
      if (relay && !seen.includes(relay)) seen.push(relay)
    }, [relay])
    return null
  }
  return { seen, Relays }
}

const State = () => useRelayStatus(({ state }) => state)

test('a provider connects once in StrictMode, and closes what it made', async () => {
  let connects = 0
  const agent = newAgent(url)
  const options = {
    ...agent,
    // `connect` takes the options once.
    get worker() {
      connects += 1
      return agent.worker
    },
  }
  const { seen, Relays } = relays()
  const mounted = mount(
    <RelayProvider options={options}>
      <State />
      <Relays />
    </RelayProvider>,
  )
  await expect.poll(mounted.text).toBe('connected')
  expect(connects).toBe(1)
  expect(seen).toHaveLength(1)
  expect(seen[0]?.status).toMatchObject({ state: 'connected', tabs: 1 })
  mounted.unmount()
  await expect.poll(() => seen[0]?.status.state).toBe('closed')
})

test('a provider leaves a relay open that it was given', async () => {
  using relay = connect(newAgent(url))
  const mounted = mount(
    <RelayProvider relay={relay}>
      <State />
    </RelayProvider>,
  )
  await expect.poll(mounted.text).toBe('connected')
  mounted.unmount()
  await expect.poll(mounted.text).toBe('')
  expect(relay.status.state).toBe('connected')
})

test('a provider can be given another relay, or none', async () => {
  const agents = [newAgent(url), newAgent(url)] as const
  using first = connect(agents[0])
  using second = connect(agents[1])
  const heard: string[] = []
  const Heard = () => {
    useRelayEvent('dm.received', ({ message }) => heard.push(message.text))
    return null
  }
  const tree = (relay: Relay | null) => (
    <RelayProvider relay={relay}>
      <State />
      <Heard />
    </RelayProvider>
  )
  const mounted = mount(tree(null))
  await expect.poll(mounted.text).toBe('starting')
  await Promise.all([first.ready, second.ready])
  mounted.render(tree(first))
  await expect.poll(mounted.text).toBe('connected')
  await dm(url, agents[0].agent, 'for the first')
  await expect.poll(() => heard).toEqual(['for the first'])
  mounted.render(tree(second))
  first.close()
  await dm(url, agents[1].agent, 'for the second')
  await expect.poll(() => heard).toEqual(['for the first', 'for the second'])
  expect(mounted.text()).toBe('connected')
})

test('a handler is called once an event, is always the newest one, and keeps its place', async () => {
  const options = newAgent(url)
  const heard: string[] = []
  let rename: (name: string) => void = () => undefined
  const Heard = () => {
    const [name, setName] = useState('first')
    useEffect(() => {
      rename = setName
    }, [])
    useRelayEvent('dm.received', ({ message }) => heard.push(`${name}: ${message.text}`))
    return name
  }
  using relay = connect(options)
  const mounted = mount(
    <RelayProvider relay={relay}>
      <Heard />
    </RelayProvider>,
  )
  await expect.poll(mounted.text).toBe('first')
  await relay.ready
  // A handler that is added later is called later: if the hook's came after it, it would have been added anew.
  relay.on.dmReceived(({ message }) => heard.push(`later: ${message.text}`))
  await dm(url, options.agent, 'one')
  await expect.poll(() => heard).toEqual(['first: one', 'later: one'])
  rename('second')
  await expect.poll(mounted.text).toBe('second')
  await dm(url, options.agent, 'two')
  await expect.poll(() => heard.slice(2)).toEqual(['second: two', 'later: two'])
  mounted.unmount()
  await expect.poll(mounted.text).toBe('')
  await dm(url, options.agent, 'three')
  await expect.poll(() => heard.slice(4)).toEqual(['later: three'])
})

test('handlers deep in the tree miss nothing of what waits for this tab', async () => {
  const options = newAgent(url)
  const before = connect(options)
  await before.ready
  const seen = new Promise((resolve) => before.on.dmReceived(resolve))
  await dm(url, options.agent, 'seen')
  await seen
  before.close()
  // The hub lingers, and so these are there when the tab attaches again.
  for (const text of ['one', 'two', 'three']) await dm(url, options.agent, text)
  const heard: string[] = []
  const Deep = () => {
    useRelayEvent('dm.received', ({ message }) => heard.push(message.text))
    return null
  }
  mount(
    <RelayProvider options={options}>
      <div>
        <Deep />
      </div>
    </RelayProvider>,
  )
  await expect.poll(() => heard).toEqual(['one', 'two', 'three'])
})

test('the newest token function is asked, on one and the same connection', async () => {
  const { token, ...options } = newAgent(url)
  const asked: string[] = []
  const { seen, Relays } = relays()
  const Tree = ({ name }: { readonly name: string }) => (
    <RelayProvider
      options={{
        ...options,
        token: () => {
          asked.push(name)
          return token
        },
      }}
    >
      <State />, {name}
      <Relays />
    </RelayProvider>
  )
  const mounted = mount(<Tree name="first" />)
  await expect.poll(mounted.text).toBe('connected, first')
  mounted.render(<Tree name="second" />)
  await expect.poll(mounted.text).toBe('connected, second')
  seen[0]?.reconnect()
  await expect.poll(() => asked).toEqual(['first', 'second'])
  expect(seen).toHaveLength(1)
})

test('what connect throws reaches the nearest error boundary', async () => {
  class Boundary extends Component<{ readonly children: ReactNode }, { readonly code: string | null }> {
    override state = { code: null }
    static getDerivedStateFromError = (error: unknown) => ({
      code: error instanceof TabmuxError ? error.code : 'another',
    })
    override render = () => this.state.code ?? this.props.children
  }
  const mounted = mount(
    <Boundary>
      <RelayProvider options={{ ...newAgent(url), lingerMs: -1 }}>
        <State />
      </RelayProvider>
    </Boundary>,
  )
  await expect.poll(mounted.text).toBe('invalid_options')
})

test('a selection renders only what it changes', async () => {
  using relay = connect(newAgent(url))
  await relay.ready
  const given: unknown[] = []
  const Selected = () => {
    const selected = useRelayStatus(
      ({ state, tabs }) => ({ state, tabs }),
      (a, b) => a.state === b.state && a.tabs === b.tabs,
    )
    useEffect(() => {
      // React's own double call of effects gives the same one again.
      if (given.at(-1) !== selected) given.push(selected)
    })
    return selected.state
  }
  const mounted = mount(
    <RelayProvider relay={relay}>
      <Selected />
    </RelayProvider>,
  )
  await expect.poll(mounted.text).toBe('connected')
  const changed = new Promise<void>((resolve) => {
    relay.on.status(({ channels }) => channels.length > 0 && resolve())
  })
  relay.subscribe(['general'])
  await changed
  // The next render is that of the change that follows.
  relay.close()
  await expect.poll(mounted.text).toBe('closed')
  expect(given).toEqual([
    { state: 'connected', tabs: 1 },
    { state: 'closed', tabs: 1 },
  ])
})

test('useResynced tells of what was missed', async () => {
  const options = newAgent(url)
  const told: boolean[] = []
  const Told = () => {
    useResynced(({ gapDetected }) => told.push(gapDetected))
    return null
  }
  using relay = connect(options)
  mount(
    <RelayProvider relay={relay}>
      <Told />
    </RelayProvider>,
  )
  await relay.ready
  await dm(url, options.agent, 'one')
  await new Promise((resolve) => relay.on.dmReceived(resolve))
  relay.reconnect()
  await expect.poll(() => told).toEqual([false])
})
