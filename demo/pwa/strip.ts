/** A line below the bar that says one thing, and has a button or two about it. */
import { byId, h, icon } from '../dom.js'

/** What a strip looks like, and what can be done about what it says. */
export interface StripOptions {
  readonly name: 'offline' | 'update'
  readonly icon: string
  readonly actions: readonly {
    readonly label: string
    readonly act: () => void
    readonly primary?: boolean
  }[]
}

/** Makes a hidden strip; its text is the element that is returned beside it. */
export const createStrip = ({ name, icon: iconName, actions }: StripOptions) => {
  const text = h('p', {})
  const buttons = actions.map(({ label, act, primary = false }) => {
    const button = h('button', { type: 'button', class: primary ? 'button primary' : 'button' }, label)
    button.addEventListener('click', act)
    return button
  })
  const strip = h(
    'div',
    { class: `strip ${name}`, id: `${name}-strip`, hidden: true },
    icon(iconName),
    text,
    ...buttons,
  )
  byId('notices', HTMLElement).append(strip)
  return { strip, text }
}
