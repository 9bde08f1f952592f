/** What stands above the stream: the place that it shows, and the way back from a thread. */
import { byId, setText } from '../dom.js'
import type { Feed } from '../model/feed.js'
import { keyOf, type Filter } from '../model/filter.js'
import type { PlaceOption } from './places.js'
import { excerpt } from './text.js'

export const createHeading = (feed: Feed, options: readonly PlaceOption[], goBack: () => void) => {
  const title = byId('stream-title', HTMLElement)
  const topic = byId('stream-topic', HTMLElement)
  const back = byId('stream-back', HTMLButtonElement)
  back.addEventListener('click', goBack)

  return (filter: Filter): void => {
    const isThread = filter.kind === 'thread'
    const option = options.find((one) => keyOf(one.filter) === keyOf(filter))
    const root = isThread ? feed.message(filter.id) : undefined
    setText(title, option?.title ?? 'Thread')
    setText(topic, option?.topic ?? (root ? `${root.author}: ${excerpt(root.text)}` : ''))
    back.hidden = !isThread
    if (isThread) back.focus()
  }
}
