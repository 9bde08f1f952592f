/** The state of the connection in words: in the bar, aloud for screen readers, and as a banner when all is over. */
import type { RelayStatus } from 'tabmux'
import { byId, h, setText } from '../dom.js'

const words = ({ state, attempt, resyncing }: RelayStatus): string => {
  switch (state) {
    case 'starting':
      return 'Starting'
    case 'connecting':
      return 'Connecting'
    case 'connected':
      return resyncing ? 'Catching up' : 'Connected'
    case 'reconnecting':
      return `Reconnecting (${attempt})`
    case 'disconnected':
      return 'Given up'
    case 'closed':
      return 'Closed'
  }
}

export const createState = () => {
  const pill = byId('state', HTMLElement)
  const text = byId('state-text', HTMLElement)
  const announcer = byId('announcer', HTMLElement)
  const banner = byId('banner', HTMLElement)
  let announced = ''
  let newest: RelayStatus | null = null
  let isOffline = false

  const announce = (state: RelayStatus['state']) => {
    if (state === announced) return
    announced = state
    setText(
      announcer,
      {
        starting: '',
        connecting: '',
        reconnecting: 'Connection lost, reconnecting',
        connected: 'Connected',
        disconnected: 'Not connected',
        closed: 'Connection closed',
      }[state],
    )
  }

  const draw = () => {
    if (!newest) return
    pill.dataset['state'] = isOffline ? 'offline' : newest.resyncing ? 'resyncing' : newest.state
    setText(text, isOffline ? 'Offline' : words(newest))
  }

  return {
    status(status: RelayStatus): void {
      newest = status
      draw()
      announce(status.state)
    },
    /** While it is offline, how often it has tried is no matter. */
    offline(on: boolean): void {
      isOffline = on
      draw()
      if (on) setText(announcer, 'Offline')
    },
    /** Says what stopped the page, with the one thing to do about it. */
    stop(message: string, action: string, act: () => void): void {
      const button = h('button', { type: 'button', class: 'button primary' }, action)
      button.addEventListener('click', act)
      banner.replaceChildren(h('span', {}, message), button)
      banner.hidden = false
      document.body.classList.add('stopped')
      setText(announcer, message)
    },
  }
}
