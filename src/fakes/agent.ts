/** What a test in the browser connects with: an agent that no other test has, and somebody who writes to it. */
import type { ConnectOptions } from '../index.js'

let count = 0

/** Options of `connect` for an agent of its own. */
export const newAgent = (baseUrl: string) => {
  count += 1
  const agent = `agent-${count}`
  return {
    baseUrl,
    agent,
    token: `at_live_${agent}`,
    // Of its own, so that a test can end it.
    worker: () =>
      new SharedWorker(new URL('./relay.worker.ts', import.meta.url), { type: 'module', name: agent }),
  } satisfies ConnectOptions
}

const call = async (url: string, body: object): Promise<void> => {
  const headers = { authorization: 'Bearer at_live_bob', 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Posts to a channel, as bob: all agents get it. */
export const post = (baseUrl: string, text: string, channel = 'general'): Promise<void> =>
  call(`${baseUrl}/v1/channels/${channel}/messages`, { text })

/** Sends a direct message to an agent, as bob. */
export const dm = (baseUrl: string, to: string, text: string): Promise<void> =>
  call(`${baseUrl}/v1/dm`, { to, text })

/** Ends the worker of an agent, as a crash would: nobody is told. */
export const endWorker = ({ agent }: { readonly agent: string }): void => {
  const channel = new BroadcastChannel(`end ${agent}`)
  channel.postMessage(null)
  channel.close()
}
