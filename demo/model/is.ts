import type { AnyEvent, EventOf, RelayEventType } from 'tabmux'

/** Narrows an event by its type, where the union also holds events of types that are not known. */
export const is = <T extends RelayEventType>(event: AnyEvent, type: T): event is EventOf<T> =>
  event.type === type
