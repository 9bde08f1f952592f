/** Writes to a channel, a thread or an agent, through the relay's HTTP API. */
import type { Config, RelayApi } from '../api.js'
import { byId, h, setText } from '../dom.js'
import { placeName, type MessageItem } from '../model/items.js'
import { excerpt } from './text.js'

/** How long it says that something was sent. */
const NOTE_MS = 4_000

/** Runs an action of the composer and says how it went. */
export type Perform = (action: () => Promise<void>, done: string) => Promise<boolean>

export const createComposer = (api: RelayApi, { channels, people }: Config) => {
  const form = byId('composer', HTMLFormElement)
  const target = byId('target', HTMLSelectElement)
  const text = byId('text', HTMLTextAreaElement)
  const send = byId('send', HTMLButtonElement)
  const note = byId('composer-note', HTMLElement)
  const replying = byId('replying', HTMLElement)
  const replyingText = byId('replying-text', HTMLElement)
  let parent: MessageItem | null = null
  let staysInThread = false
  let noteTimer: ReturnType<typeof setTimeout> | undefined

  const option = (value: string, label: string) => h('option', { value }, label)
  const group = (label: string, options: readonly HTMLElement[]) => h('optgroup', { label }, ...options)
  target.append(
    group(
      'Channels',
      channels.map(({ name }) => option(`#${name}`, `#${name}`)),
    ),
    group(
      'Direct message',
      people.map(({ name }) => option(name, name)),
    ),
  )

  const describe = () => {
    target.disabled = parent !== null
    replying.hidden = parent === null
    if (parent) setText(replyingText, `Reply to ${parent.author}: ${excerpt(parent.text, 60)}`)
    text.placeholder = parent ? 'Write a reply' : `Message ${target.value}`
  }

  const replyTo = (message: MessageItem | null, stays = false) => {
    parent = message
    staysInThread = stays
    if (message?.place.kind === 'channel') target.value = placeName(message.place)
    describe()
  }

  const perform: Perform = async (action, done) => {
    try {
      await action()
      note.classList.remove('bad')
      setText(note, done)
      clearTimeout(noteTimer)
      noteTimer = setTimeout(() => setText(note, ''), NOTE_MS)
      return true
    } catch (error) {
      clearTimeout(noteTimer)
      note.classList.add('bad')
      setText(note, `Not sent: ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }

  const submit = async () => {
    const words = text.value.trim()
    if (words === '' || send.disabled) return
    const to = target.value
    const message = parent
    send.disabled = true
    const sent = await perform(
      () =>
        message
          ? api.reply(message.id, words)
          : to.startsWith('#')
            ? api.post(to.slice(1), words)
            : api.dm(to, words),
      message ? 'Reply sent.' : `Sent to ${to}.`,
    )
    send.disabled = false
    if (!sent) return
    text.value = ''
    if (message === parent && !staysInThread) replyTo(null)
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && parent) return replyTo(null)
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    void submit()
  })
  target.addEventListener('change', describe)
  byId('replying-stop', HTMLButtonElement).addEventListener('click', () => {
    replyTo(null)
    text.focus()
  })
  describe()

  return {
    perform,
    /** Answers a message in its thread, once or for as long as the reader stays there; null stops that. */
    answer: replyTo,
    /** Writes to a channel (`#general`) or an agent. */
    address(to: string): void {
      if (![...target.options].some(({ value }) => value === to)) target.append(option(to, to))
      target.value = to
      replyTo(null)
    },
    focus: () => text.focus(),
  }
}
