/** Running other programs. Node built-ins only: this is used before `node_modules` exists. */
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a program with its output shown and nothing to read. The package's own tools are found first.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {boolean} Whether it was found and ended with 0.
 */
export const run = (command, args, { env, ...options } = {}) => {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const { status } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    // On Windows npm and the tools are .cmd files, which only a shell starts.
    shell: process.platform === 'win32',
    ...options,
  })
  return status === 0
}
