/** The page: the state of the connection, and the newest messages, which are there at once after a reload. */
import { connect, type EventOf, type HistoryEntry } from 'tabmux'
import { loadSession } from './session.js'

const { baseUrl } = await loadSession()
const relay = connect({
  baseUrl,
  token: async () => (await loadSession()).token,
  agent: 'dashboard',
  worker: () =>
    new SharedWorker(new URL('./relay.worker.ts', import.meta.url), {
      type: 'module',
      name: 'tabmux',
      extendedLifetime: true,
    }),
})

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id)
  if (found) return found
  throw new Error(`index.html: expected an element with the id ${id}, found none`)
}

const isMessage = (event: HistoryEntry['event']): event is EventOf<'message.created'> =>
  event.type === 'message.created'

const list = element('messages')
const lines = new Map<string, HTMLLIElement>()

/** By the message's id: what the journal has told and comes live as well is there once. */
const show = ({ event }: HistoryEntry): void => {
  if (!isMessage(event)) return
  const { id, agentName, text } = event.message
  const line = lines.get(id) ?? list.appendChild(document.createElement('li'))
  line.textContent = `${agentName}: ${text}`
  lines.set(id, line)
}

relay.on.status(({ state, tabs }) => {
  element('state').textContent = `${state}, ${tabs} ${tabs === 1 ? 'tab' : 'tabs'}`
})
relay.on.resynced(({ gapDetected, cause }) => {
  if (!gapDetected) return
  // An app with a source of its own loads what it shows from there; this one can only say so.
  element('gap').textContent = `Messages may be missing (${cause}).`
  element('gap').hidden = false
})
relay.on.error(({ code, message }) => console.warn(code, message))

const live = relay.events()
const past = await relay.history({ limit: 100 })
past.forEach(show)
for await (const entry of live) show(entry)
