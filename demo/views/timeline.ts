/** What happened to the connection, newest first. */
import { byId, h, setText, timeWithSeconds } from '../dom.js'

const KEPT = 60

/** How an entry is marked. */
export type Mark = 'good' | 'wait' | 'bad' | 'plain'

export const createTimeline = () => {
  const list = byId('timeline', HTMLElement)

  /** `detail` is what a pointer that rests on the entry shows. */
  return (text: string, mark: Mark, detail = text): void => {
    const newest = list.firstElementChild
    const words = newest?.querySelector('.what')
    if (newest && words?.textContent === text) {
      const times = Number(newest.getAttribute('data-times') ?? 1) + 1
      newest.setAttribute('data-times', String(times))
      const again = newest.querySelector('.times') ?? newest.appendChild(h('span', { class: 'times' }))
      setText(again, `×${times}`)
      return
    }
    const now = Date.now()
    const time = h('time', { datetime: new Date(now).toISOString() }, timeWithSeconds(now))
    list.prepend(h('li', { 'data-mark': mark, title: detail }, time, h('span', { class: 'what' }, text)))
    while (list.childElementCount > KEPT) list.lastElementChild?.remove()
  }
}
