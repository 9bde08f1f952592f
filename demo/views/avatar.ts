import { h } from '../dom.js'

const TONES = 8

const toneOf = (name: string): number => {
  let hash = 0
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 9_973
  return hash % TONES
}

/** Two letters on a colour that is always the same for the same name. */
export const avatar = (name: string): HTMLElement =>
  h('span', { class: 'avatar', 'data-tone': toneOf(name), 'aria-hidden': 'true' }, name.slice(0, 2))
