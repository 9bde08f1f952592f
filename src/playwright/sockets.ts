/** How many sockets the relay has of each agent, and how that reads. */
import type { ReferenceRelay } from '../testing/index.js'

/** What a look at the relay comes to. */
export interface SocketReport {
  /** One socket an agent. */
  readonly pass: boolean
  readonly text: string
}

/** See the head of this file. */
export const reportSockets = (
  relay: Pick<ReferenceRelay, 'sockets' | 'socketChanges'>,
  agent: string | undefined,
): SocketReport => {
  const all = relay.sockets(agent)
  const open = all.filter(({ deaf }) => !deaf)
  const counts = new Map<string, number>(agent === undefined ? [] : [[agent, 0]])
  for (const each of open) counts.set(each.agent, (counts.get(each.agent) ?? 0) + 1)
  const whose = agent === undefined ? 'of each agent that has any' : `of ${agent}`
  const got = [...counts].map(([name, count]) => `${count} of ${name}`).join(', ') || 'none'
  const deaf = all.length === open.length ? '' : `, and ${all.length - open.length} deaf`
  const changes = relay
    .socketChanges(agent)
    .slice(-10)
    .map(({ agent: name, socket, change, others, at }) => {
      const when = new Date(at).toISOString().slice(11, 23)
      return `  ${when}  ${name}  ${socket.slice(0, 8)} ${change}, ${others} other${others === 1 ? '' : 's'} open`
    })
  return {
    pass: counts.size > 0 && [...counts.values()].every((count) => count === 1),
    text: [`Expected one socket ${whose}, got ${got}${deaf}.`, 'The last sockets:', ...changes].join('\n'),
  }
}
