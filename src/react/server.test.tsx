/** On a server: the hooks render what there is before any worker, and nothing connects. */
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { ConnectOptions } from '../index.js'
import {
  RelayProvider,
  useRelay,
  useRelayEvent,
  useRelayEvents,
  useRelayStatus,
  useResynced,
} from './index.js'

const fail = (): never => {
  throw new Error('expected no call on a server')
}

const options: ConnectOptions = {
  baseUrl: 'https://relay.example',
  token: fail,
  worker: fail,
}

const Page = () => {
  const relay = useRelay()
  const { state } = useRelayStatus()
  const tabs = useRelayStatus((status) => status.tabs)
  const entries = useRelayEvents({ types: ['message.created'], channels: ['general'] })
  useRelayEvent('message.created', fail)
  useResynced(fail)
  return `${String(relay)}, ${state}, ${tabs} tabs, ${entries.length} entries`
}

describe('renderToString', () => {
  test('gives what there is before a worker has answered, and does not connect', () => {
    expect(
      renderToString(
        <RelayProvider options={options}>
          <Page />
        </RelayProvider>,
      ),
    ).toBe('null, starting, 0 tabs, 0 entries')
  })

  test('gives the same without a relay', () => {
    expect(
      renderToString(
        <RelayProvider relay={null}>
          <Page />
        </RelayProvider>,
      ),
    ).toBe('null, starting, 0 tabs, 0 entries')
  })

  test('says what is missing, where there is no provider', () => {
    expect(() => renderToString(<Page />)).toThrow(
      'expected a <RelayProvider> around the component, got none',
    )
  })

  test('refuses a limit that is none', () => {
    const Wrong = () => useRelayEvents({ limit: -1 }).length
    const render = () =>
      renderToString(
        <RelayProvider relay={null}>
          <Wrong />
        </RelayProvider>,
      )
    expect(render).toThrow('expected limit to be a whole number, got -1')
  })
})
