/** One tab leads: it has the socket, and tells the others over a BroadcastChannel. The npm package does both. */
import { BroadcastChannel, createLeaderElection } from 'broadcast-channel'
import { openSocket, type BenchEvent, type Start } from './contestant.js'

export const start: Start = async (relay, onEvent) => {
  const channel = new BroadcastChannel<BenchEvent>('bench')
  channel.addEventListener('message', onEvent)
  const elector = createLeaderElection(channel)
  const leading = elector.awaitLeadership().then(() =>
    openSocket(relay, (event) => {
      onEvent(event)
      void channel.postMessage(event)
    }),
  )
  if (!(await elector.hasLeader()) || elector.isLeader) await leading
}
