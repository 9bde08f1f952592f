/** The worker of the naive SharedWorker. */
import { expose } from 'comlink'
import { openSocket, type OnEvent, type RelayAddress } from './contestant.js'

const tabs = new Set<OnEvent>()
let opening: Promise<void> | null = null

const own = {
  subscribe: (relay: RelayAddress, onEvent: OnEvent): Promise<void> => {
    tabs.add(onEvent)
    opening ??= openSocket(relay, (event) => {
      for (const tab of tabs) tab(event)
    })
    return opening
  },
}

/** What a tab sees of it. */
export type NaivePort = typeof own

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports // the only kind of event that a SharedWorker's `connect` is
  if (port) expose(own, port)
})
