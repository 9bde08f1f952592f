/** Opens the bridge over one port: this side's methods are exposed, the other side's are wrapped. */
import { expose, wrap, type Endpoint, type Remote } from 'comlink'

type Methods = { readonly [name: string]: (...args: never[]) => unknown }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isRaw = (value: unknown): boolean => isRecord(value) && value['type'] === 'RAW'

/** No method takes more. Without an end, an array that is empty but for its length would take minutes to go through. */
const MAX_ARGUMENTS = 4

/**
 * Comlink would also read and write properties, follow paths into prototypes, construct, open further ports and
 * close this one when asked to. The bridge needs one thing: calls of named methods with plain data.
 */
const isCall = (message: unknown, methods: ReadonlySet<string>): boolean => {
  if (!isRecord(message)) return false
  const { type, path, argumentList } = message
  if (type !== 'APPLY' || !Array.isArray(path) || !Array.isArray(argumentList)) return false
  if (path.length !== 1 || argumentList.length > MAX_ARGUMENTS) return false
  return methods.has(path[0]) && argumentList.every(isRaw)
}

/** What Comlink answers to a call: plain data, or what the method has thrown. */
const isAnswer = (message: unknown): boolean =>
  isRaw(message) || (isRecord(message) && message['type'] === 'HANDLER' && message['name'] === 'throw')

/** One of Comlink's two halves of a port, with what it listens with. */
interface Half {
  readonly endpoint: Endpoint
  listener: (event: MessageEvent) => void
}

const halfOf = (port: MessagePort): Half => {
  const half: Half = {
    listener: () => undefined,
    endpoint: {
      postMessage: (message, transfer) => port.postMessage(message, transfer ?? []),
      addEventListener: (_, listener) => {
        // With one function, for as long as the port lives, and to messages only.
        if (typeof listener === 'function') half.listener = listener
      },
      removeEventListener: () => undefined,
      start: () => port.start(),
    },
  }
  return half
}

/**
 * @param own this side's methods; only these can be called from the other side
 * @returns the other side's methods. Hold on to it for as long as the port is used: when Comlink's proxy is
 * collected, it closes the port.
 */
export const openPort = <Other>(port: MessagePort, own: Methods): Remote<Other> => {
  const facade: object = Object.freeze(Object.assign(Object.create(null), own))
  const methods = new Set(Object.keys(own))
  const calls = halfOf(port)
  const answers = halfOf(port)
  // Comlink looks into the arguments of whatever it is given, so each half is given its own kind only. One listener
  // for both: for the browser to call one costs more than what it does here.
  port.addEventListener('message', (event) => {
    if (isAnswer(event.data)) answers.listener(event)
    else if (isCall(event.data, methods)) calls.listener(event)
  })
  expose(facade, calls.endpoint)
  return wrap<Other>(answers.endpoint)
}
