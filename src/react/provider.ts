/** The provider, and how hooks get at what it provides. */
import {
  createContext,
  createElement,
  useContext,
  useInsertionEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react'
import { TabmuxError, type ConnectOptions, type Relay } from '../index.js'
import { givenRelay, MadeRelay, type RelaySource } from './source.js'

/** Either the options of a relay that the provider makes, or a relay that there is already. */
export type RelayProviderProps = { readonly children?: ReactNode } & (
  | {
      /**
       * Those of `connect`. The first ones count, but for the token: if it is a function, the newest one is asked. To
       * connect otherwise, give the provider another `key`.
       */
      readonly options: ConnectOptions
      readonly relay?: never
    }
  | {
      /** It stays open when the provider goes. With `null` all hooks work, and nothing comes. */
      readonly relay: Relay | null
      readonly options?: never
    }
)

const RelayContext = createContext<RelaySource | null>(null)
RelayContext.displayName = 'RelayContext'

const none = (): null => null

/**
 * Gives the hooks of its children their relay. It connects when it is mounted, never on a server, and closes what it
 * has made when it is unmounted.
 *
 * What `connect` throws (`invalid_options`, `unsupported`) it throws when it renders, for the nearest error boundary.
 *
 * @example
 * <RelayProvider options={{ baseUrl, token, agent, worker }}><App /></RelayProvider>
 */
export const RelayProvider = ({ options, relay = null, children }: RelayProviderProps): ReactElement => {
  const [made] = useState(() => options && new MadeRelay(options))
  const source = useMemo<RelaySource>(() => made ?? givenRelay(relay), [made, relay])
  useInsertionEffect(() => {
    if (options) made?.update(options)
  })
  const error = useSyncExternalStore(source.hold, source.error, none)
  if (error !== null) throw error
  return createElement(RelayContext.Provider, { value: source }, children)
}

/** @throws {TabmuxError} `invalid_argument` outside of a provider */
export const useSource = (): RelaySource => {
  const source = useContext(RelayContext)
  if (source) return source
  throw new TabmuxError('invalid_argument', 'expected a <RelayProvider> around the component, got none')
}
