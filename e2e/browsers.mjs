/**
 * The browsers that the tests run in: the system's own if there is one, else Playwright's download.
 * Node built-ins only, since some of this runs before `node_modules` exists.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './command.mjs'

/** @typedef {'chromium' | 'firefox'} Browser */
/** @typedef {import('playwright').LaunchOptions} LaunchOptions */

/** What a system calls its browsers; the first that is found is taken. */
const commands = {
  chromium: ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'],
  firefox: ['firefox-esr', 'firefox'],
}

const macApps = {
  chromium: ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome'],
  firefox: ['Firefox.app/Contents/MacOS/firefox'],
}

/** What Debian calls them. */
const packages = { chromium: 'chromium', firefox: 'firefox-esr' }

/**
 * A snap sees another /tmp than Playwright, which puts the profile there; and Ubuntu has scripts in place of the
 * browsers that only start, or ask for, the snap.
 * @param {string} path
 */
const isSnap = (path) =>
  realpathSync(path).endsWith('/snap') ||
  (statSync(path).size < 65_536 && readFileSync(path, 'utf8').includes('snap'))

/**
 * @param {Browser} browser
 * @returns {string | undefined} The path of the system's browser.
 */
const systemBrowser = (browser) => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  return [
    ...commands[browser].flatMap((command) => folders.map((folder) => join(folder, command))),
    ...macApps[browser].map((app) => join('/Applications', app)),
  ].find((path) => existsSync(path) && !isSnap(path))
}

/**
 * Launch options for Chromium, without what talks to the network on its own. Playwright adds `--no-sandbox`.
 * @returns {LaunchOptions}
 */
export const chromium = () => {
  const executablePath = systemBrowser('chromium')
  return {
    ...(executablePath && { executablePath }),
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  }
}

/**
 * Launch options for Firefox. A stock one speaks WebDriver BiDi, Playwright's own build does not.
 * @returns {LaunchOptions}
 */
export const firefox = () => {
  const executablePath = systemBrowser('firefox')
  return executablePath ? { executablePath, channel: 'moz-firefox' } : {}
}

/**
 * @param {Browser} browser
 * @returns {Promise<boolean>} Whether Playwright has downloaded it and it starts: the libraries it needs may be missing.
 */
const isDownloaded = async (browser) => {
  const playwright = await import('playwright')
  return spawnSync(playwright[browser].executablePath(), ['--version']).status === 0
}

/** @returns {Promise<Browser[]>} */
const missingBrowsers = async () => {
  /** @type {Browser[]} */
  const missing = []
  for (const browser of /** @type {const} */ (['chromium', 'firefox']))
    if (!systemBrowser(browser) && !(await isDownloaded(browser))) missing.push(browser)
  return missing
}

/** @param {readonly Browser[]} browsers */
const download = (browsers) => {
  console.log(`Downloading ${browsers.join(' and ')} with Playwright …`)
  // Where it cannot, it says so with a stack trace for each of many attempts.
  const options = {
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    stdio: /** @type {const} */ ('ignore'),
  }
  if (!run('playwright', ['install', ...browsers], options)) console.log('It could not.')
}

/** @param {readonly Browser[]} browsers */
const aptInstall = (browsers) => {
  console.log(`Installing ${browsers.join(' and ')} with apt-get …`)
  const [command, ...before] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  const names = browsers.map((browser) => packages[browser])
  return (
    run(command, [...before, '-q', 'update']) &&
    run(command, [...before, '-q', 'install', '-y', '--no-install-recommends', 'fonts-dejavu-core', ...names])
  )
}

/**
 * Gets the browsers that are missing. Needs the dependencies installed.
 * @throws {Error} A browser could not be had.
 */
export const ensureBrowsers = async () => {
  let missing = await missingBrowsers()
  for (const get of [download, aptInstall]) {
    if (missing.length === 0) return
    get(missing)
    missing = await missingBrowsers()
  }
  if (missing.length === 0) return
  throw new Error(
    [
      `No ${missing.join(' and no ')} here, and neither Playwright nor apt-get could install it.`,
      'Any of these does it, as an administrator:',
      '  Debian:  apt-get install chromium firefox-esr',
      '  Ubuntu:  npx playwright install --with-deps chromium firefox',
      '  macOS:   brew install --cask chromium firefox',
    ].join('\n'),
  )
}
