/** The worker of the limit. As with tabmux a tab has one batch at a time, and its answer asks for the next. */
import { now } from './contestant.js'

/** The size of tabmux' largest batch. */
const BATCH = 1_024

const tabs: MessagePort[] = []
let texts: readonly string[] = []
const reached = new Map<MessagePort, number>()

/** As long as the relay's. */
const frameOf = (index: number): string =>
  JSON.stringify({
    epoch: '0123456789abcdef',
    created_at: new Date().toISOString(),
    type: 'message.created',
    id: crypto.randomUUID(),
    channel: 'general',
    message: {
      id: `msg_${crypto.randomUUID()}`,
      agent_name: 'bob',
      text: `${index} 0 `.padEnd(26, 'x'),
      attachments: [],
    },
    agent_seq: index,
  })

const sendNext = (tab: MessagePort): void => {
  const from = reached.get(tab) ?? 0
  if (from >= texts.length) return
  reached.set(tab, from + BATCH)
  tab.postMessage(texts.slice(from, from + BATCH))
}

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports // the only kind of event that a SharedWorker's `connect` is
  if (!port) return
  tabs.push(port)
  port.onmessage = ({ data }: MessageEvent<'next' | number>) => {
    if (data === 'next') return sendNext(port)
    texts = Array.from({ length: data }, (_, index) => frameOf(index))
    reached.clear()
    port.postMessage(now())
    for (const tab of tabs) sendNext(tab)
  }
})
