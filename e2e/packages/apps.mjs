/**
 * The apps beside this file: what they need is in their `package.json`, their scripts say how they are built and
 * served. Each gets what is in `shared` and not its own, and the packed package.
 */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run } from '../command.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The folder of what is no page: the relay that the pages connect to. */
export const RELAY = 'relay'
const SHARED = 'shared'

/**
 * @typedef {object} App
 * @property {string} name
 * @property {string} folder Where it is installed.
 * @property {Readonly<Record<string, string>>} scripts
 */

/** @returns {Promise<string[]>} The names of those that are pages. */
export const appNames = async () => {
  const entries = await readdir(here, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return names.filter((name) => name !== SHARED && name !== RELAY)
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export const must = (command, args, cwd) => {
  // Next would tell its maker of each build.
  if (run(command, args, { cwd, env: { NEXT_TELEMETRY_DISABLED: '1' } })) return
  throw new Error(`${command} ${args.join(' ')} has failed.`)
}

/**
 * Packs the package.
 * @param {string} folder Where to.
 * @returns {Promise<string>} The tarball.
 */
export const pack = async (folder) => {
  must('npm', ['pack', '--silent', '--pack-destination', folder], root)
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack has made no tarball.')
  return join(folder, tarball)
}

/**
 * Installs an app as its user would.
 * @param {string} name
 * @param {string} parent The folder that its own is made in.
 * @param {string} tarball
 * @returns {Promise<App>}
 */
export const installApp = async (name, parent, tarball) => {
  const folder = join(parent, name)
  for (const source of [SHARED, name]) await cp(join(here, source), folder, { recursive: true })
  // Nothing of what is installed has to run a script of its own.
  const options = ['--silent', '--prefer-offline', '--ignore-scripts']
  must('npm', ['install', ...options, tarball], folder)
  const { scripts = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  return { name, folder, scripts }
}

/** @param {App} app */
export const build = ({ folder }) => must('npm', ['run', '--silent', 'build'], folder)

/**
 * Gives an app a later version of the package: the same but for its number.
 * @param {App} app
 */
export const updatePackage = async ({ folder }) => {
  const installed = join(folder, 'node_modules/tabmux')
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  const files = ['package.json', 'dist/src/version.js', 'dist/tabmux.js', 'dist/tabmux.worker.js']
  for (const file of files.map((name) => join(installed, name))) {
    const text = await readFile(file, 'utf8')
    const changed = text.replaceAll(version, `${version}-next`)
    if (changed === text) throw new Error(`expected ${version} in ${file}`)
    await writeFile(file, changed)
  }
}
