/** Installs what is missing. Node built-ins only: this runs before `node_modules` exists. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './command.mjs'

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

const checkNode = () => {
  const needed = readJson('package.json').engines.node.replace('>=', '')
  const compared = process.versions.node.localeCompare(needed, 'en', { numeric: true })
  if (compared < 0)
    throw new Error(`tabmux needs Node.js ${needed} or newer; this is ${process.versions.node}.`)
}

/** Whether npm's own record of `node_modules` has all that the lock file asks for on this platform. */
const isInstalled = () => {
  try {
    const installed = readJson('node_modules/.package-lock.json').packages
    return Object.entries(readJson('package-lock.json').packages).every(
      ([path, { version, optional }]) =>
        path === '' || (installed[path]?.version ?? (optional && version)) === version,
    )
  } catch {
    return false // no node_modules, or not npm's
  }
}

/**
 * Installs the dependencies, unless they are there.
 * @throws {Error} Node.js is too old, or `npm ci` has failed.
 */
export const install = () => {
  checkNode()
  if (isInstalled()) return
  console.log('Installing the dependencies (npm ci) …')
  if (!run('npm', ['ci', '--include=dev'])) throw new Error('npm ci has failed: see above.')
}
