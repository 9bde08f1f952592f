/** The relay itself, for all that has no hook of its own. */
import { useSyncExternalStore } from 'react'
import type { Relay } from '../index.js'
import { useSource } from './provider.js'

const none = (): null => null

/**
 * The relay of the nearest `RelayProvider`: to `send`, `subscribe`, `reconnect` or `logout`. Null on a server, while
 * React hydrates, and in the first render of a provider that has not connected yet.
 *
 * @throws {TabmuxError} `invalid_argument` outside of a provider
 */
export const useRelay = (): Relay | null => {
  const { hold, current } = useSource()
  return useSyncExternalStore(hold, current, none)
}
