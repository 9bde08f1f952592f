/** Serves an app: by its own server, or the files that it was built to. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { readStatic } from '../../demo/static-files.mjs'

/** @typedef {import('./apps.mjs').App} App */

/**
 * @typedef {object} Site
 * @property {string} url
 * @property {() => unknown} restart To be called when the app has been built anew.
 * @property {() => unknown} close
 */

/** How long a server of an app may take until it answers, in milliseconds. */
const START_MS = 60_000

/** @param {import('node:http').Server} server @param {number} port */
const listen = async (server, port) => {
  await new Promise((resolve) => server.listen(port, 'localhost', () => resolve(undefined)))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const freePort = async () => {
  const server = createServer()
  const port = await listen(server, 0)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** @param {App} app @returns {Promise<Site>} */
export const serveFiles = async ({ folder }) => {
  const built = join(folder, 'dist')
  const files = existsSync(join(built, 'index.html')) ? built : folder
  const server = createServer(async ({ url = '/' }, response) => {
    const file = await readStatic(files, new URL(url, 'http://localhost').pathname)
    if (file) response.writeHead(200, file.headers).end(file.body)
    else response.writeHead(404).end()
  })
  const port = await listen(server, 0)
  return {
    url: `http://localhost:${port}/`,
    restart: () => undefined,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** @param {string} url */
const answers = async (url) => {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/**
 * @param {App} app
 * @param {string} script
 * @param {string} url
 * @returns {Promise<() => unknown>} Ends it.
 */
const start = async ({ name, folder }, script, url) => {
  // A group of its own: npm starts a shell, and that the server, and all of them are to end.
  const server = spawn('npm', ['run', '--silent', script, '--', '--port', new URL(url).port], {
    cwd: folder,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (data) => (output += String(data)))
  // Not 'exit': the pipes close when the last of the group has ended.
  const ended = new Promise((resolve) => server.once('close', resolve))
  const close = async () => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid)
    await ended
  }
  const deadline = Date.now() + START_MS
  while (!(await answers(url))) {
    if (server.exitCode === null && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    await close()
    throw new Error(`${name}: npm run ${script} does not answer.\n${output}`)
  }
  return close
}

/**
 * @param {App} app
 * @param {string} script The script of its `package.json` that starts the server.
 * @returns {Promise<Site>}
 */
export const serveByScript = async (app, script) => {
  const url = `http://localhost:${await freePort()}/`
  let close = await start(app, script, url)
  return {
    url,
    restart: async () => {
      await close()
      close = await start(app, script, url)
    },
    close: () => close(),
  }
}
