/** Serves the dashboard, the reference relay behind it, and the faults that it can ask for. */
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startRelay } from 'tabmux/testing'
import { createControls } from './controls.mjs'
import { agentTokens, startAgents } from './simulated-agents.mjs'
import { readStatic } from './static-files.mjs'

const HOST = '127.0.0.1'
const LEAD = 'lead'
const TOKEN = 'at_demo_lead'
const DIST = fileURLToPath(new URL('./dist', import.meta.url))

const channels = [
  { name: 'general', topic: 'Plans, questions, and what everyone should know' },
  { name: 'builds', topic: 'Builds, tests and deploys' },
  { name: 'reviews', topic: 'Changes that want a second pair of eyes' },
  { name: 'incidents', topic: 'What is broken, and who is on it' },
]

/** The names by which a browser on this machine reaches the server. @param {number} port */
const originsOf = (port) => ['localhost', HOST].map((name) => `http://${name}:${port}`)

/** @param {unknown} error */
const isTaken = (error) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/** A file, so that messages outlive the server as the journals in browsers do. @param {number} port */
const databaseFor = (port) => {
  const folder = join(tmpdir(), 'tabmux-demo')
  mkdirSync(folder, { recursive: true })
  return join(folder, `${port}.db`)
}

/**
 * Starts the relay on the port after the dashboard's: pages that browsers keep for offline use may connect to that one
 * alone. If any port was asked for it takes any port, and forgets its messages.
 *
 * @param {number} port The dashboard's.
 * @param {boolean} isAnyPort
 */
const openRelay = async (port, isAnyPort) => {
  const options = {
    host: HOST,
    agents: { ...agentTokens, [LEAD]: TOKEN },
    channels: channels.map(({ name }) => name),
    allowedOrigins: originsOf(port),
  }
  if (isAnyPort) return startRelay(options)
  const beside = { ...options, port: port + 1 }
  try {
    return await startRelay({ ...beside, database: databaseFor(port) })
  } catch (error) {
    if (isTaken(error)) throw error
    return startRelay(beside)
  }
}

const REPORTS = '/violations'

/** What page and worker may load, and where they may connect. @param {string} relayHost */
const securityHeaders = (relayHost) => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' http://${relayHost} ws://${relayHost}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    `report-uri ${REPORTS}`,
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
})

/** The longest report that is read, in characters. */
const LONGEST_REPORT = 10_000

/** What was posted, or its beginning. @param {import('node:http').IncomingMessage} request */
const readReport = async (request) => {
  let report = ''
  request.setEncoding('utf8')
  for await (const chunk of request) if (report.length < LONGEST_REPORT) report += chunk
  return report.slice(0, LONGEST_REPORT)
}

/**
 * Starts all of it.
 *
 * @param {object} options
 * @param {number} options.port A port of 0 takes a free one.
 * @param {(report: string) => void} [options.violated] Gets what a browser reports about the Content Security Policy;
 * by default it is printed.
 * @param {() => string} [options.folder] Where the dashboard was built to: asked at each request, so that another
 * version can be deployed.
 * @throws An error with the code `EADDRINUSE` if one of the two ports is taken.
 */
export const start = async ({ port: wanted, violated = console.warn, folder = () => DIST }) => {
  const server = createServer()
  /** @param {number} at @returns {Promise<void>} */
  const listen = (at) =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, HOST, () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(wanted)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : wanted
  const relay = await openRelay(port, wanted === 0).catch((error) => {
    server.close()
    throw error
  })
  const relayPort = new URL(relay.url).port
  const agents = startAgents(relay, LEAD)
  const network = {
    /** Nobody reaches the server or the relay any more. */
    unplug: () => {
      relay.refuse(true)
      relay.cut(LEAD)
      server.close()
    },
    /** They can be reached again. */
    plug: async () => {
      relay.refuse(false)
      if (!server.listening) await listen(port)
    },
  }
  const controls = createControls(relay, LEAD, network)
  const origins = originsOf(port)

  /** @param {string} relayUrl */
  const config = (relayUrl) => ({ relayUrl, agent: LEAD, channels, people: agents.people() })

  /** @param {import('node:http').IncomingMessage} request */
  const answer = async (request) => {
    const { method = 'GET', url = '/', headers } = request
    const origin = `http://${headers.host}`
    // A name that is not ours is a page elsewhere that had its name point to this machine.
    if (!origins.includes(origin)) return { status: 421, body: 'Unknown host' }
    const relayHost = `${new URL(origin).hostname}:${relayPort}`
    const base = securityHeaders(relayHost)
    const { pathname, searchParams } = new URL(url, origin)
    const control = method === 'POST' ? controls.named(pathname.replace(/^\/control\//, '')) : undefined
    if (control) {
      if (headers.origin !== undefined && !origins.includes(headers.origin))
        return { status: 403, headers: base }
      await control(searchParams)
      return { status: 204, headers: base }
    }
    if (method === 'POST' && pathname === REPORTS) {
      violated(await readReport(request))
      return { status: 204, headers: base }
    }
    if (method !== 'GET' && method !== 'HEAD') return { status: 404, headers: base }
    /** @param {string} type @param {string} body */
    const unstored = (type, body) => ({
      status: 200,
      headers: { ...base, 'content-type': type, 'cache-control': 'no-store' },
      body,
    })
    if (pathname === '/config.json')
      return unstored('application/json', JSON.stringify(config(`http://${relayHost}`)))
    if (pathname === '/token') return unstored('text/plain', TOKEN)
    const file = await readStatic(folder(), pathname)
    if (!file) return { status: 404, headers: base, body: 'Not found' }
    return { status: 200, headers: { ...base, ...file.headers }, body: file.body }
  }

  server.on('request', (request, response) => {
    answer(request)
      .catch((/** @type {unknown} */ error) => ({ status: 500, headers: {}, body: String(error) }))
      .then(({ status, headers = {}, body }) =>
        response
          // A connection that was open at the unplugging ends with its answer.
          .writeHead(status, server.listening ? headers : { ...headers, connection: 'close' })
          .end(request.method === 'HEAD' ? undefined : body),
      )
  })

  return {
    url: `http://localhost:${port}`,
    /** The agent whose events the dashboard shows. */
    agent: LEAD,
    relay,
    ...network,
    close: async () => {
      controls.stop()
      agents.stop()
      server.close()
      server.closeAllConnections()
      await relay.close()
    },
  }
}
