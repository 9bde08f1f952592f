/** Which rows the stream shows. */
import type { Item } from './items.js'

/** What the reader looks at. */
export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'channel'; readonly name: string }
  | { readonly kind: 'dm' }
  | { readonly kind: 'activity' }
  | { readonly kind: 'thread'; readonly id: string }

/** One filter, one key: for counts and to compare. */
export const keyOf = (filter: Filter): string =>
  filter.kind === 'channel'
    ? `#${filter.name}`
    : filter.kind === 'thread'
      ? `thread ${filter.id}`
      : filter.kind

/** A `resynced` belongs everywhere: what it says holds for all that is above it. */
export const shows = (filter: Filter, item: Item): boolean => {
  if (item.kind !== 'message')
    return item.kind === 'resynced' ? filter.kind !== 'thread' : filter.kind === 'activity'
  if (filter.kind === 'thread') return item.id === filter.id || item.parentId === filter.id
  return filter.kind === 'all' || keyOf(filter) === keyOf(item.place)
}
