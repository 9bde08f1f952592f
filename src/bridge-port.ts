/** Opens the bridge over one port: this side's methods are exposed, the other side's are wrapped. */
import { expose, wrap, type Endpoint, type Remote } from 'comlink'

type Methods = { readonly [name: string]: (...args: never[]) => unknown }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isRaw = (value: unknown): boolean => isRecord(value) && value['type'] === 'RAW'

/**
 * Comlink would also read and write properties, follow paths into prototypes, construct, open further ports and
 * close this one when asked to. The bridge needs one thing: calls of named methods with plain data.
 */
const isAllowed = (message: unknown, methods: ReadonlySet<string>): boolean => {
  if (!isRecord(message)) return false
  const { type, path, argumentList, name } = message
  if (type === 'RAW') return true
  if (type === 'HANDLER') return name === 'throw'
  if (type !== 'APPLY' || !Array.isArray(path) || !Array.isArray(argumentList)) return false
  return path.length === 1 && methods.has(path[0]) && argumentList.every(isRaw)
}

/** A port that lets only such messages in. */
const guard = (port: MessagePort, methods: ReadonlySet<string>): Endpoint => ({
  postMessage: (message, transfer) => port.postMessage(message, transfer ?? []),
  addEventListener: (type, listener) => {
    // Comlink listens with a function; both of its listeners live as long as the port.
    if (typeof listener !== 'function') return
    port.addEventListener(type, (event) => {
      if (event instanceof MessageEvent && isAllowed(event.data, methods)) listener(event)
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
  const endpoint = guard(port, new Set(Object.keys(own)))
  expose(facade, endpoint)
  return wrap<Other>(endpoint)
}
