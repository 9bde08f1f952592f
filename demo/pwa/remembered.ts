/** The server's configuration, also where the server cannot be reached: as it was the last time. It has no secrets. */
import { loadConfig, type Config } from '../api.js'

const KEY = 'tabmux-demo:config'

/** A configuration, and whether it is from the last time. */
export interface KnownConfig {
  readonly config: Config
  readonly isRemembered: boolean
}

const remembered = (): Config | null => {
  const kept = localStorage.getItem(KEY)
  // Only this file writes the key, so what is there is a configuration.
  return kept === null ? null : (JSON.parse(kept) as Config)
}

/** @throws if the server cannot be reached, and never was in this browser. */
export const loadKnownConfig = async (): Promise<KnownConfig> => {
  try {
    const config = await loadConfig()
    localStorage.setItem(KEY, JSON.stringify(config))
    return { config, isRemembered: false }
  } catch (error) {
    const config = remembered()
    if (config) return { config, isRemembered: true }
    throw error
  }
}

/** Who has logged out is not welcomed as the same agent. */
export const forgetConfig = (): void => localStorage.removeItem(KEY)
