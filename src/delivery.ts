/** A batch on its way to a page's handlers: the one order in which they are told things, whatever brings the batch. */
import type { Batch, DeliveredEntry, Notice, Position } from './bridge.js'
import { gapText } from './memberships.js'

/** Who is told what a batch brings. */
export interface Receiver {
  readonly notice: (notice: Notice) => void
  readonly entry: (entry: DeliveredEntry) => void
}

/**
 * Tells everybody all of it.
 *
 * @param last the position before it, if there was one
 * @param isCurrent whether the page is still at this hub: a handler may have closed its last connection. What it has not
 * handled by then is for the next one
 * @returns the position of what was handled; null if that is nothing
 */
export const handle = (
  { notices, gap, texts, replayed, position }: Batch,
  receivers: readonly Receiver[],
  last: Position | null,
  isCurrent: () => boolean,
): Position | null => {
  for (const notice of notices) for (const receiver of receivers) receiver.notice(notice)
  if (gap) {
    const entry = { offset: (last ?? position).offset, text: gapText(gap), replayed: false }
    for (const receiver of receivers) receiver.entry(entry)
  }
  if (!isCurrent()) return null
  const { instance } = position
  let offset = position.offset - texts.length
  let next = 0
  for (const [index, text] of texts.entries()) {
    offset += 1
    const isReplayed = replayed[next] === index
    if (isReplayed) next += 1
    for (const receiver of receivers) receiver.entry({ offset, text, replayed: isReplayed })
    if (!isCurrent()) return { instance, offset }
  }
  return position
}
