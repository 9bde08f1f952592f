/** The state of the connection, as React state. */
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { initialStatus, type RelayStatus } from '../index.js'
import { useSource } from './provider.js'

/** React asks again and again, and one status must always give one and the same answer. */
const memoize = <T>(
  select: (status: RelayStatus) => T,
  isEqual: (a: T, b: T) => boolean,
): ((status: RelayStatus) => T) => {
  let last: { readonly from: RelayStatus; readonly value: T } | null = null
  return (from) => {
    if (last?.from === from) return last.value
    const value = select(from)
    last = { from, value: last && isEqual(last.value, value) ? last.value : value }
    return last.value
  }
}

const whole = (status: RelayStatus): RelayStatus => status

/**
 * `relay.status`. It changes with every batch of events, so most components want to select what they show of it.
 * On a server, and before there is a relay, it is that of a tab that nothing has answered yet: `state: 'starting'`.
 *
 * @throws {TabmuxError} `invalid_argument` outside of a provider
 */
export function useRelayStatus(): RelayStatus
/**
 * What `select` makes of `relay.status`. The component renders again when that changes.
 *
 * @param isEqual whether two selections are the same, so that nothing has to render. @default Object.is
 * @example const isOnline = useRelayStatus(({ state }) => state === 'connected')
 * @throws {TabmuxError} `invalid_argument` outside of a provider
 */
export function useRelayStatus<T>(select: (status: RelayStatus) => T, isEqual?: (a: T, b: T) => boolean): T
export function useRelayStatus<T>(
  select: (status: RelayStatus) => T | RelayStatus = whole,
  isEqual: (a: T | RelayStatus, b: T | RelayStatus) => boolean = Object.is,
): T | RelayStatus {
  const source = useSource()
  const selection = useMemo(() => memoize(select, isEqual), [select, isEqual])
  const subscribe = useCallback(
    (changed: () => void) => {
      const letGo = source.hold(changed)
      const off = source.current()?.on.status(changed)
      return () => {
        off?.()
        letGo()
      }
    },
    [source],
  )
  return useSyncExternalStore(
    subscribe,
    () => selection(source.current()?.status ?? initialStatus),
    () => selection(initialStatus),
  )
}
