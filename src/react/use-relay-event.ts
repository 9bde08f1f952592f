/** Handlers for as long as a component is mounted. */
import { useEffect, useInsertionEffect, useRef } from 'react'
import {
  eventMethods,
  type EventHandler,
  type EventMeta,
  type EventMethod,
  type EventOf,
  type RelayEventType,
  type Resynced,
} from '../index.js'
import { useSource } from './provider.js'

const methodOf = new Map(
  (Object.keys(eventMethods) as EventMethod[]).map((method) => [eventMethods[method], method] as const), // its own keys
)

/** What can be listened for has some of these arguments. */
type Handler = (event: never, meta: EventMeta) => unknown

const useHandler = (method: EventMethod | 'resynced' | undefined, handler: Handler): void => {
  const source = useSource()
  const latest = useRef(handler)
  useInsertionEffect(() => {
    latest.current = handler
  })
  useEffect(() => {
    const letGo = source.hold()
    const heard = (event: unknown, meta?: EventMeta): unknown =>
      // What the method gives is what the handler takes: the hooks below say so in their types.
      latest.current(event as never, meta as EventMeta)
    const off = method && source.current()?.on[method](heard)
    return () => {
      off?.()
      letGo()
    }
  }, [source, method])
}

/**
 * Calls the handler with each event of this type while the component is mounted: always that of the newest render, and
 * without listening anew for it. It is called once per event and tab, also in StrictMode.
 *
 * @param type such as `message.created`. One that this version does not know never comes
 * @param handler what it throws is reported as `handler_failed`
 * @throws {TabmuxError} `invalid_argument` outside of a provider
 * @example useRelayEvent('message.created', ({ message }) => toast(message.text))
 */
export const useRelayEvent = <T extends RelayEventType>(type: T, handler: EventHandler<EventOf<T>>): void =>
  useHandler(methodOf.get(type), handler)

/**
 * Calls the handler when everything that could be replayed has been, as `relay.on.resynced` does. Where `gapDetected` is
 * true, load what you show again from its source.
 *
 * @throws {TabmuxError} `invalid_argument` outside of a provider
 */
export const useResynced = (handler: (resynced: Resynced) => unknown): void => useHandler('resynced', handler)
