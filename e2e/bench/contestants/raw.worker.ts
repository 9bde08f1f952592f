/** The worker of the raw SharedWorker. */
import { openSocket } from './contestant.js'

const tabs: MessagePort[] = []
let opening: Promise<void> | null = null

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports // the only kind of event that a SharedWorker's `connect` is
  if (!port) return
  port.onmessage = async ({ data: relay }) => {
    tabs.push(port)
    opening ??= openSocket(relay, (each) => {
      for (const tab of tabs) tab.postMessage(each)
    })
    await opening
    port.postMessage('open')
  }
})
