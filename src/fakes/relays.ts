/** Starts the relays that tests in the browser connect to: one for each file, with more agents than it has tests. */
import { startRelay } from 'tabmux/testing'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Their addresses, by the name of the file that each is for. */
    readonly relays: Readonly<Record<'client' | 'react' | 'events', string>>
  }
}

const agents = Object.fromEntries(
  ['bob', ...Array.from({ length: 50 }, (_, index) => `agent-${index + 1}`)].map((name) => [
    name,
    `at_live_${name}`,
  ]),
)

export default async ({ provide }: TestProject) => {
  const start = () => startRelay({ agents, channels: ['general', 'random'] })
  const [client, react, events] = await Promise.all([start(), start(), start()])
  provide('relays', { client: client.url, react: react.url, events: events.url })
  return () => Promise.all([client.close(), react.close(), events.close()])
}
