import { h, icon } from '../dom.js'
import type { Reaction } from '../model/reactions.js'

/** The reactions that the page offers, with their names for people; the keys are what goes over the wire. */
const REACTIONS: Readonly<Record<string, { readonly icon: string; readonly label: string }>> = {
  '+1': { icon: 'plus1', label: 'Plus one' },
  white_check_mark: { icon: 'check', label: 'Done' },
  eyes: { icon: 'eyes', label: 'Looking' },
  heart: { icon: 'heart', label: 'Thank you' },
  rocket: { icon: 'rocket', label: 'Ship it' },
}

/** A reaction under a message. Pressing it gives the same one. */
export const reactionChip = ({ emoji, agents }: Reaction, me: string): HTMLElement => {
  const known = REACTIONS[emoji]
  const label = `${known?.label ?? emoji}: ${agents.join(', ')}`
  const mine = agents.includes(me)
  return h(
    'button',
    {
      type: 'button',
      class: 'chip',
      'data-react': emoji,
      'aria-label': label,
      title: label,
      'aria-pressed': `${mine}`,
    },
    known ? icon(known.icon) : emoji,
    String(agents.length),
  )
}

/** Fills the picker once; `open` shows it at a button, and what is chosen goes to the latest `onPick`. */
export const createPicker = (picker: HTMLElement) => {
  let onPick: (emoji: string) => void = () => {}
  for (const [emoji, { icon: name, label }] of Object.entries(REACTIONS)) {
    const button = h(
      'button',
      { type: 'button', class: 'button quiet', title: label, 'aria-label': label },
      icon(name),
    )
    button.addEventListener('click', () => {
      picker.hidePopover()
      onPick(emoji)
    })
    picker.append(button)
  }
  return (at: HTMLElement, pick: (emoji: string) => void) => {
    onPick = pick
    picker.showPopover()
    const { right, top, bottom } = at.getBoundingClientRect()
    const { width, height } = picker.getBoundingClientRect()
    picker.style.left = `${Math.max(8, right - width)}px`
    picker.style.top = `${top > height + 8 ? top - height - 4 : bottom + 4}px`
    picker.querySelector('button')?.focus()
  }
}
