/** A dashboard in React, in StrictMode: what it shows is React's state, and what its handler got is in `sessionStorage`. */
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import type { ConnectOptions } from 'tabmux'
import { RelayProvider, useRelayEvent, useRelayEvents, useRelayStatus, useResynced } from 'tabmux/react'

const options: ConnectOptions = {
  ...JSON.parse(new URLSearchParams(location.search).get('options') ?? '{}'),
  worker: () =>
    new SharedWorker(new URL('./relay.worker.ts', import.meta.url), { type: 'module', name: 'tabmux-react' }),
}

/** Adds to a record that outlives a reload. */
const record = (key: string, value: unknown): void => {
  sessionStorage.setItem(key, JSON.stringify([...JSON.parse(sessionStorage.getItem(key) ?? '[]'), value]))
}

const Messages = () => {
  const entries = useRelayEvents({ types: ['message.created'], channels: ['general'], limit: 200 })
  return (
    <ol>
      {entries.map(({ event, meta }) => (
        <li key={meta.offset}>{event.message.text}</li>
      ))}
    </ol>
  )
}

const State = () => <output>{useRelayStatus(({ state }) => state)}</output>

const Dashboard = () => {
  useRelayEvent('message.created', ({ message }) => record('handled', message.text))
  useResynced(({ cause }) => cause && record('gaps', cause))
  useEffect(() => {
    // In StrictMode it runs twice: the test sees that it is on.
    document.body.dataset['effects'] = String(Number(document.body.dataset['effects'] ?? 0) + 1)
  }, [])
  return (
    <>
      <State />
      <Messages />
    </>
  )
}

createRoot(document.querySelector('#root') ?? document.body).render(
  <StrictMode>
    <RelayProvider options={options}>
      <Dashboard />
    </RelayProvider>
  </StrictMode>,
)
