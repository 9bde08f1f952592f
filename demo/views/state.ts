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

  return {
    status(status: RelayStatus): void {
      pill.dataset['state'] = status.resyncing ? 'resyncing' : status.state
      setText(text, words(status))
      announce(status.state)
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
