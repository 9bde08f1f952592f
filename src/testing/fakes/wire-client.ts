import { WebSocket } from 'ws'
import type { ClientEvent } from '../../protocol/index.js'
import type { ReferenceRelay } from '../index.js'

/** A frame as it came. */
export interface Frame {
  readonly type: string
  readonly [field: string]: unknown
}

/** How a socket ended. */
interface Ending {
  readonly code: number
  readonly reason: string
}

/** A client that does nothing by itself and remembers all that it was sent. */
export interface WireClient {
  /** The frames that came, in order. */
  readonly frames: readonly Frame[]
  readonly ended: Promise<Ending>
  send(frame: ClientEvent): void
  sendRaw(data: string | Buffer): void
  /** The first frame that fits, come or to come; fails if the socket ends without it. */
  until(fits: (frame: Frame) => boolean): Promise<Frame>
  /** The first frame of a type. */
  untilType(type: string): Promise<Frame>
  /** Asks for a replay and gives the acknowledgement. */
  resync(last_seen_seq: number, since?: string): Promise<Frame>
  /** Waits until everything that the relay sent before now is here. */
  settle(): Promise<void>
  close(): void
}

/** What `connect` may be told beside the agent. */
interface ConnectOptions {
  /** @default that of the agent: `at_live_<agent>` */
  readonly token?: string
  readonly origin?: string
  readonly path?: string
}

const isFrame = (value: unknown): value is Frame =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** The fields of the frames that are events of an agent: those with a number. */
export const seqs = (frames: readonly Frame[]): readonly unknown[] =>
  frames.filter((frame) => 'agent_seq' in frame).map((frame) => frame['agent_seq'])

/** Opens a socket of an agent; fails with the HTTP status if it is refused. */
export const connect = (
  relay: ReferenceRelay,
  agent: string,
  { token = `at_live_${agent}`, origin, path = '/v1/ws' }: ConnectOptions = {},
): Promise<WireClient> => {
  const address = `${relay.url.replace('http', 'ws')}${path}?token=${token}`
  const webSocket = new WebSocket(address, origin === undefined ? {} : { origin })
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  let ending: Ending | undefined
  const wake = (): void => waiting.forEach((look) => look())

  const ended = new Promise<Ending>((resolve) => {
    webSocket.on('close', (code, reason) => {
      ending = { code, reason: String(reason) }
      resolve(ending)
      wake()
    })
  })
  webSocket.on('message', (data) => {
    const value: unknown = JSON.parse(String(data))
    if (isFrame(value)) frames.push(value)
    wake()
  })

  const nth = (fits: (frame: Frame) => boolean, count: number): Promise<Frame> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const frame = frames.filter(fits)[count]
        if (!frame && !ending) return
        waiting.delete(look)
        if (frame) resolve(frame)
        else reject(new Error(`expected a frame, got the end of the socket: ${ending?.code}`))
      }
      waiting.add(look)
      look()
    })
  const countOf = (type: string): number => frames.filter((frame) => frame.type === type).length
  const ask = (frame: ClientEvent, answer: string): Promise<Frame> => {
    const answered = nth(({ type }) => type === answer, countOf(answer))
    client.send(frame)
    return answered
  }
  const client: WireClient = {
    frames,
    ended,
    send: (frame) => webSocket.send(JSON.stringify(frame)),
    sendRaw: (data) => webSocket.send(data),
    until: (fits) => nth(fits, 0),
    untilType: (type) => nth((frame) => frame.type === type, 0),
    resync: (last_seen_seq, since) =>
      ask({ type: 'resync', last_seen_seq, ...(since === undefined ? {} : { since }) }, 'resync_ack'),
    settle: async () => void (await ask({ type: 'ping' }, 'pong')),
    close: () => webSocket.close(),
  }
  return new Promise((resolve, reject) => {
    webSocket.on('open', () => resolve(client))
    webSocket.on('error', reject)
  })
}
