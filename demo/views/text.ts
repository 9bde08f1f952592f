import { h } from '../dom.js'

const MARKS = /`([^`]+)`|(@[\w-]+)/g

/** Text with `code` and @names set apart; everything else stays as it was written. */
export const richText = (text: string): readonly (Node | string)[] => {
  const parts: (Node | string)[] = []
  let end = 0
  for (const match of text.matchAll(MARKS)) {
    const [whole, code, name] = match
    parts.push(text.slice(end, match.index))
    parts.push(code === undefined ? h('span', { class: 'mention' }, name ?? '') : h('code', {}, code))
    end = match.index + whole.length
  }
  parts.push(text.slice(end))
  return parts
}

/** The first words of a text, on one line. */
export const excerpt = (text: string, length = 80): string => {
  const line = text.replaceAll('`', '').replace(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line
}
