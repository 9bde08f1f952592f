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

/** A port that lets only such messages in. */
const guard = (port: MessagePort, isAllowed: (message: unknown) => boolean): Endpoint => ({
  postMessage: (message, transfer) => port.postMessage(message, transfer ?? []),
  addEventListener: (type, listener) => {
    // Comlink listens with a function; its listener lives as long as the port.
    if (typeof listener !== 'function') return
    port.addEventListener(type, (event) => {
      if (event instanceof MessageEvent && isAllowed(event.data)) listener(event)
    })
  },
  removeEventListener: () => undefined,
  start: () => port.start(),
})

/**
 * @param own this side's methods; only these can be called from the other side
 * @returns the other side's methods. Hold on to it for as long as the port is used: when Comlink's proxy is
 * collected, it closes the port.
 */
export const openPort = <Other>(port: MessagePort, own: Methods): Remote<Other> => {
  const facade: object = Object.freeze(Object.assign(Object.create(null), own))
  const methods = new Set(Object.keys(own))
  // Comlink looks into the arguments of whatever it is given, so each of its halves is given its own kind only.
  expose(
    facade,
    guard(port, (message) => isCall(message, methods)),
  )
  return wrap<Other>(guard(port, isAnswer))
}
