/** What every contestant has in common. */

/** What a handler reads of an event, whether its keys are the wire's or camelCase. */
export interface BenchEvent {
  readonly message: { readonly text: string }
}

/** Where to connect to. */
export interface RelayAddress {
  readonly baseUrl: string
  readonly token: string
}

/** Called with each event of the relay, in the tab. */
export type OnEvent = (event: BenchEvent) => void

/** Starts one tab. Resolves when the tab gets what the relay sends from now on. */
export type Start = (relay: RelayAddress, onEvent: OnEvent) => Promise<Started>

/** A contestant that makes its own events, for want of a relay, starts a burst of them itself. */
export type Started = void | {
  /** Sends `count` events to all tabs, and gives the time of the first, in milliseconds since 1970. */
  readonly burst: (count: number) => Promise<number>
}

/** The address of an agent's socket. `PROTOCOL.md`, "Connecting". */
const socketUrl = ({ baseUrl, token }: RelayAddress): string =>
  `${baseUrl.replace(/^http/, 'ws')}/v1/ws?token=${token}&origin_client=bench&origin_version=1`

/** Opens a socket and calls back with each event, parsed. Resolves when it is open. */
export const openSocket = async (relay: RelayAddress, onEvent: OnEvent): Promise<void> => {
  const socket = new WebSocket(socketUrl(relay))
  socket.addEventListener('message', ({ data }) => {
    const frame: { readonly type: string } & BenchEvent = JSON.parse(data)
    if (frame.type === 'message.created') onEvent(frame)
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
}

/** The time in milliseconds since 1970, with fractions, on the one clock that all processes of a machine share. */
export const now = (): number => performance.timeOrigin + performance.now()
