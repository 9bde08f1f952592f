/** What a person sees of being offline: a line that says so, and how old everything is. */
import type { Relay } from 'tabmux'
import { byId, setText } from '../dom.js'
import { ageText } from '../model/age.js'
import { isOffline } from '../model/reachable.js'
import { onceAFrame } from '../views/frame.js'
import { createStrip } from './strip.js'

/** How often ages are written anew, in milliseconds. */
const AGES_EVERY_MS = 10_000

/** Writes the ages of all rows; returns that of the newest, null if there is no row. */
const writeAges = (rows: Element): string | null => {
  const now = Date.now()
  let newest: string | null = null
  for (const age of rows.querySelectorAll<HTMLElement>('.age')) {
    newest = ageText(now - Number(age.dataset['at']))
    setText(age, newest)
  }
  return newest
}

/**
 * Follows the connection, and tells when the page goes offline and comes back.
 *
 * @param wasReached Whether the page's own server has answered.
 */
export const watchOffline = (relay: Relay, wasReached: boolean, tell: (offline: boolean) => void): void => {
  const rows = byId('feed', HTMLElement)
  const { strip, text } = createStrip({
    name: 'offline',
    icon: 'offline',
    actions: [{ label: 'Try now', act: () => relay.reconnect() }],
  })
  let reached = wasReached
  let offline = false
  let timer: ReturnType<typeof setInterval> | undefined

  const show = onceAFrame(() => {
    if (!offline) return
    const newest = writeAges(rows)
    setText(text, newest === null ? 'Offline.' : `Offline. Newest: ${newest}.`)
  })

  const newRows = new MutationObserver(show)

  const update = () => {
    reached ||= relay.status.state === 'connected'
    const isNow = isOffline(relay.status, { browserIsOnline: navigator.onLine, wasReached: reached })
    if (isNow === offline) return
    offline = isNow
    strip.hidden = !offline
    document.documentElement.toggleAttribute('data-offline', offline)
    clearInterval(timer)
    newRows.disconnect()
    if (offline) {
      timer = setInterval(show, AGES_EVERY_MS)
      newRows.observe(rows, { childList: true })
    }
    show()
    tell(offline)
  }

  relay.on.status(update)
  addEventListener('online', update)
  addEventListener('offline', update)
  // Timers of a hidden page are slowed down: who comes back is not to read an old age.
  document.addEventListener('visibilitychange', show)
  update()
}
