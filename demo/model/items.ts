/** Turns an entry of the journal into a row of the stream: pure, and the only place that reads events. */
import type { EventMeta, HistoryEntry, Resynced } from 'tabmux'
import { is } from './is.js'

/** Where a message was said: in a channel, or to this agent alone. */
export type Place = { readonly kind: 'channel'; readonly name: string } | { readonly kind: 'dm' }

/** How a place reads: `#builds`, `Direct message`. */
export const placeName = (place: Place): string => (place.kind === 'dm' ? 'Direct message' : `#${place.name}`)

/** A message, a reply or a direct message. */
export interface MessageItem {
  readonly kind: 'message'
  readonly offset: number
  readonly at: number
  readonly id: string
  readonly place: Place
  readonly author: string
  readonly parentId: string | null
  readonly replayed: boolean
  readonly text: string
  readonly edited: boolean
}

/** What is not a message but happened between them. */
export interface NoteItem {
  readonly kind: 'resynced' | 'activity'
  readonly offset: number
  readonly at: number
  readonly text: string
  /** Something may be missing here. */
  readonly gap: boolean
}

/** One row of the stream. */
export type Item = MessageItem | NoteItem

type Event = HistoryEntry['event']

const isResynced = (event: Event): event is Resynced => event.type === 'resynced'

/** The relay's own time of the event if it gives one, in milliseconds since 1970. */
const timeOf = (event: Event): number => {
  const at =
    'createdAt' in event && typeof event.createdAt === 'string' ? Date.parse(event.createdAt) : Number.NaN
  return Number.isNaN(at) ? Date.now() : at
}

const resyncText = ({ replayed, gapDetected, cause }: Resynced): string => {
  const caughtUp = `Caught up: ${replayed.toLocaleString('en')} replayed`
  return gapDetected
    ? `${caughtUp}. Some may be missing (${(cause ?? 'unknown cause').replaceAll('_', ' ')})`
    : caughtUp
}

const activityText = (event: Event): string => {
  if (is(event, 'agent.status.changed')) return `${event.agent.name} is ${event.status}`
  if (event.type.startsWith('agent.status.') && 'agent' in event) {
    const { name } = event.agent as { name: string }
    return `${name} is ${event.type.slice('agent.status.'.length)}`
  }
  if (is(event, 'member.joined')) return `${event.agentName} joined #${event.channel}`
  if (is(event, 'member.left')) return `${event.agentName} left #${event.channel}`
  if (is(event, 'channel.created')) return `#${event.channel.name} was created`
  if (is(event, 'channel.updated')) return `#${event.channel.name}: ${event.channel.topic ?? 'no topic'}`
  if (is(event, 'channel.archived')) return `#${event.channel.name} was archived`
  if (is(event, 'message.read')) return `${event.agentName} read a message`
  if (is(event, 'webhook.received')) return `Webhook in #${event.channel}: ${event.message.text}`
  if (is(event, 'file.uploaded')) return `${event.file.uploadedBy} uploaded ${event.file.filename}`
  return event.type
}

/** The row that an entry becomes. Reactions and edits have none: they change another row. */
export const itemOf = (event: Event, { offset, replayed }: EventMeta): Item | null => {
  const at = timeOf(event)
  if (isResynced(event)) {
    return { kind: 'resynced', offset, at, text: resyncText(event), gap: event.gapDetected }
  }
  if (is(event, 'message.reacted') || is(event, 'message.updated')) return null
  const inChannel = is(event, 'message.created') || is(event, 'thread.reply')
  if (inChannel || is(event, 'dm.received') || is(event, 'group_dm.received')) {
    const { id, agentName: author, text } = event.message
    const place: Place = inChannel ? { kind: 'channel', name: event.channel } : { kind: 'dm' }
    const parentId = is(event, 'thread.reply') ? event.parentId : null
    return { kind: 'message', offset, at, id, place, author, parentId, replayed, text, edited: false }
  }
  return { kind: 'activity', offset, at, text: activityText(event), gap: false }
}
