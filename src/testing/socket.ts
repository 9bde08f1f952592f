/** What is used of a WebSocket of `ws`. With its own type, users of this package would need `@types/ws`. */
export interface WebSocketLike {
  readonly readyState: number
  readonly OPEN: number
  send(text: string): void
  pause(): void
  terminate(): void
  close(code: number, reason: string): void
}

/** Counts since the relay was started. */
interface SendStats {
  framesSent: number
  /** UTF-8 bytes of the frames' text. */
  bytesSent: number
}

/** What a socket is made of. */
export interface SocketParts {
  readonly id: string
  /** Milliseconds since 1970, by the relay's clock. */
  readonly openedAt: number
  readonly webSocket: WebSocketLike
  /** The connection below it. */
  readonly tcp: { end(): void }
  readonly stats: SendStats
}

/** One open socket of an agent. */
export class RelaySocket {
  readonly id: string
  readonly openedAt: number
  /**
   * Channels that the client subscribed to. They do not filter: a relay sends every event of the agent to
   * all of its sockets, and `agent_seq` counts the agent's events, so a filtered socket would see holes.
   */
  readonly channels = new Set<string>()
  framesReceived = 0
  badFrames = 0
  /** Resyncs that are not yet acknowledged. */
  openResyncs = 0
  #deaf = false
  #ended = false
  readonly #webSocket: WebSocketLike
  readonly #tcp: SocketParts['tcp']
  readonly #stats: SendStats

  constructor({ id, openedAt, webSocket, tcp, stats }: SocketParts) {
    this.id = id
    this.openedAt = openedAt
    this.#webSocket = webSocket
    this.#tcp = tcp
    this.#stats = stats
  }

  /** Whether it neither reads nor sends any more, though it is open. */
  get deaf(): boolean {
    return this.#deaf
  }

  /** Whether it is open, and neither end has begun to close it. */
  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN
  }

  /** Sends a text frame; does nothing on a socket that is deaf or closed. */
  send(text: string): void {
    if (this.#deaf || this.#ended || !this.isOpen) return
    this.#webSocket.send(text)
    this.#stats.framesSent += 1
    this.#stats.bytesSent += Buffer.byteLength(text)
  }

  /** Goes silent for good, as a socket whose other end is gone: not even a close frame is read or answered. */
  goDeaf(): void {
    this.#deaf = true
    this.#webSocket.pause()
  }

  /** Ends the TCP connection at once, without a close frame. */
  cut(): void {
    this.#webSocket.terminate()
  }

  /** Ends the TCP connection without a close frame, but after everything that was sent. */
  cutAfterSending(): void {
    this.#ended = true
    // To destroy it, even later, could take from the client what it has not yet read.
    this.#tcp.end()
  }

  /** Closes with a code. A deaf socket says nothing, so it stays as it is. */
  close(code: number, reason: string): void {
    if (!this.#deaf) this.#webSocket.close(code, reason)
  }
}
