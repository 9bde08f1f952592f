/** Loads the simulation, with a change in the sources of the hub if one is wanted. */
import { runnerImport } from 'vite'

/**
 * @param {import('./mutations.mjs').Mutation} [mutation]
 * @returns {Promise<typeof import('./simulation.js')>}
 */
export const load = async (mutation) => {
  /** @type {import('vite').Plugin} */
  const plugin = {
    name: 'mutate',
    enforce: 'pre',
    transform: (code, id) => {
      if (!mutation || !id.endsWith(`/worker/${mutation.file}`)) return
      if (!code.includes(mutation.from))
        throw new Error(`expected ${mutation.file} to contain: ${mutation.from}`)
      return code.replace(mutation.from, () => mutation.to)
    },
  }
  /** @type {{ module: typeof import('./simulation.js') }} */
  const { module } = await runnerImport('./worker/simulation/simulation.ts', {
    configFile: false,
    logLevel: 'error',
    plugins: [plugin],
  })
  return module
}
