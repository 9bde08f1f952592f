/** The state of the connection, as React state. */
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { initialStatus, type RelayStatus } from '../index.js'
import { useSource } from './provider.js'

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
 * @param isEqual whether two selections are the same, so that the earlier one stays. @default Object.is
 * @example const isOnline = useRelayStatus(({ state }) => state === 'connected')
 * @throws {TabmuxError} `invalid_argument` outside of a provider
 */
export function useRelayStatus<T>(select: (status: RelayStatus) => T, isEqual?: (a: T, b: T) => boolean): T
export function useRelayStatus<T>(
  select: (status: RelayStatus) => T | RelayStatus = whole,
  isEqual: (a: T | RelayStatus, b: T | RelayStatus) => boolean = Object.is,
): T | RelayStatus {
  const source = useSource()
  const rendered = useRef<{ readonly value: T | RelayStatus } | null>(null)
  const selection = useMemo(() => {
    let from: RelayStatus | null = null
    let selected: { readonly value: T | RelayStatus } | null = null
    return (status: RelayStatus): T | RelayStatus => {
      // React asks again and again, and one status must always give one and the same answer.
      if (selected && status === from) return selected.value
      const earlier = selected ?? rendered.current
      const value = select(status)
      selected = earlier && isEqual(earlier.value, value) ? earlier : { value }
      from = status
      return selected.value
    }
  }, [select, isEqual])
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
  const value = useSyncExternalStore(
    subscribe,
    () => selection(source.current()?.status ?? initialStatus),
    () => selection(initialStatus),
  )
  useEffect(() => {
    rendered.current = { value }
  }, [value])
  return value
}
