/** Who is there: the agents, their presence, and a button to write to each. */
import type { AnyEvent, EventMeta } from 'tabmux'
import type { Person } from '../api.js'
import { byId, h, icon, setText } from '../dom.js'
import { is } from '../model/is.js'
import { avatar } from './avatar.js'

interface Row {
  readonly button: HTMLElement
  readonly status: HTMLElement
  value: string
  offset: number
}

/** The agent and status that a presence event is about. */
const presenceOf = (event: AnyEvent): { readonly name: string; readonly status: string } | null => {
  if (
    is(event, 'agent.status.changed') ||
    is(event, 'agent.status.active') ||
    is(event, 'agent.status.idle') ||
    is(event, 'agent.status.blocked') ||
    is(event, 'agent.status.waiting') ||
    is(event, 'agent.status.offline')
  ) {
    return { name: event.agent.name, status: event.status }
  }
  return null
}

export const createAgents = (people: readonly Person[], write: (name: string) => void) => {
  const list = byId('agents', HTMLElement)
  const present = byId('agents-count', HTMLElement)
  const rows = new Map<string, Row>()

  const countPresent = () => {
    const here = [...rows.values()].filter(({ value }) => value !== 'offline').length
    setText(present, `${here} of ${rows.size} here`)
  }

  const add = ({ name, role, status: value }: Person): Row => {
    const status = h('span', { class: 'status' }, value)
    const button = h(
      'button',
      { type: 'button', 'data-status': value, title: `Write to ${name}` },
      h('span', { class: 'face' }, avatar(name), h('span', { class: 'dot' })),
      h('span', { class: 'who' }, h('span', { class: 'name' }, name), h('span', { class: 'role' }, role)),
      status,
      icon('mail'),
    )
    button.addEventListener('click', () => write(name))
    list.append(h('li', {}, button))
    const row = { button, status, value, offset: 0 }
    rows.set(name, row)
    return row
  }

  for (const person of people) add(person)
  countPresent()

  return {
    /** Takes a presence event; others are left alone. Older ones, as history brings them, change nothing. */
    event(event: AnyEvent, { offset }: EventMeta): void {
      const presence = presenceOf(event)
      if (!presence) return
      const row = rows.get(presence.name) ?? add({ ...presence, role: 'agent' })
      if (row.offset >= offset) return
      row.offset = offset
      row.value = presence.status
      row.button.dataset['status'] = presence.status
      setText(row.status, presence.status)
      countPresent()
    },
  }
}
