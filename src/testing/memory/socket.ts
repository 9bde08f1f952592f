/** A WebSocket between a hub and a relay of one process: in order, each frame in a microtask of its own. */
import type { OpenSocket } from '../../../worker/connection.js'
import { admitSocket } from '../admission.js'
import { hear } from '../conversation.js'
import type { Core } from '../core.js'

/** What a browser says where a connection ends without a closing handshake. */
const ABNORMAL = 1006
/** That the relay refuses a token after the handshake. */
const REFUSED = 1008

/** Opens sockets to this relay. */
export const socketsTo =
  (core: Core): OpenSocket =>
  (url) => {
    const client = new EventTarget()
    const OPEN = 1
    let isOpen = true
    let isPaused = false
    let closed: () => void = () => undefined

    const end = (code: number, reason = ''): void => {
      if (!isOpen) return
      isOpen = false
      queueMicrotask(() => {
        closed()
        client.dispatchEvent(Object.assign(new Event('close'), { code, reason }))
      })
    }
    const send = (data: string): void => {
      queueMicrotask(() => isOpen && client.dispatchEvent(new MessageEvent('message', { data })))
    }
    const webSocket = {
      OPEN,
      get readyState() {
        return isOpen ? OPEN : 0
      },
      send,
      pause: () => {
        isPaused = true
      },
      terminate: () => end(ABNORMAL),
      close: end,
    }
    let receive: (text: string) => void = () => undefined

    const shakeHands = (): void => {
      if (!isOpen) return
      if (core.faults.refusing) return end(ABNORMAL)
      const agent = core.agents.withToken(new URL(url).searchParams.get('token') ?? '')
      if (!agent && core.settings.refuseTokens === 'upgrade') return end(ABNORMAL)
      if (agent) {
        // What was sent before the end still arrives: it is in a microtask before that of the end.
        const admitted = admitSocket(core, agent, {
          webSocket,
          tcp: { end: () => queueMicrotask(() => end(ABNORMAL)) },
        })
        closed = admitted.closed
        receive = (text) => hear(core, agent, admitted.socket, text, false)
      }
      client.dispatchEvent(new Event('open'))
      if (!agent) end(REFUSED, 'token: expected that of an agent')
    }
    queueMicrotask(shakeHands)

    return {
      addEventListener: client.addEventListener.bind(client) as WebSocket['addEventListener'], // only these are sent
      send: (data) => queueMicrotask(() => isOpen && receive(String(data))),
      close: () => {
        if (!isOpen) return
        isOpen = false
        // A half-open connection does not tell the relay that its client has gone.
        if (!isPaused) queueMicrotask(closed)
      },
    }
  }
