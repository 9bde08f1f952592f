/** Channels: their names, and which messages are in them. */
import { describe, TabmuxError } from './errors.js'
import type { MessageEvent } from './events.js'

/** Stands for the agent's direct messages. They come without being asked for, so the relay is not told. */
export const SELF = '@self'

/** Trims names and drops a leading `#`. @throws {TabmuxError} `invalid_argument` */
export const normalizeChannels = (channels: readonly string[]): ReadonlySet<string> => {
  const given: unknown = channels
  if (!Array.isArray(given)) {
    throw new TabmuxError(
      'invalid_argument',
      `subscribe: expected an array of channel names, got ${describe(given)}`,
    )
  }
  const names = given.map((name: unknown) => (typeof name === 'string' ? name.trim().replace(/^#/, '') : ''))
  const wrong = names.indexOf('')
  if (wrong !== -1) {
    throw new TabmuxError(
      'invalid_argument',
      `subscribe: expected channel names, got ${describe(given[wrong])}`,
    )
  }
  return new Set(names)
}

/** Is this a message in one of the channels? */
export const isIn = (
  event: { readonly type: string },
  channels: ReadonlySet<string>,
): event is MessageEvent => {
  const message = event as MessageEvent // only looked at past the test of its type
  switch (message.type) {
    case 'message.created':
    case 'thread.reply':
      return channels.has(message.channel)
    case 'dm.received':
    case 'group_dm.received':
      return channels.has(SELF)
    default:
      return false
  }
}
