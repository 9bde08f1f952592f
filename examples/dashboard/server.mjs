/**
 * `npm start`: the page, and a relay with two agents that talk. With `RELAY_URL` and `RELAY_TOKEN` the page goes to
 * another relay, such as that of `../own-server`.
 */
import { fileURLToPath } from 'node:url'
import { startRelay } from 'tabmux/testing'
import { createServer, preview } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/**
 * What a page of this app needs to know. A real app looks first who asks.
 * @param {{ baseUrl: string, token: string }} session
 * @returns {import('vite').Plugin}
 */
const sessionApi = (session) => {
  /** @type {import('vite').Connect.NextHandleFunction} */
  const answer = (_request, response) => {
    response.setHeader('content-type', 'application/json').setHeader('cache-control', 'no-store')
    response.end(JSON.stringify(session))
  }
  return {
    name: 'session-api',
    configureServer: ({ middlewares }) => void middlewares.use('/api/session', answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use('/api/session', answer),
  }
}

/** A relay for people who have none: two agents talk, and `dashboard` listens. */
const startDemoRelay = async () => {
  const relay = await startRelay({ agents: { dashboard: 'at_dashboard', ada: 'at_ada', grace: 'at_grace' } })
  let count = 0
  const timer = setInterval(() => {
    count += 1
    relay.post({ from: count % 2 ? 'ada' : 'grace', channel: 'general', text: `message ${count}` })
  }, 2_000)
  return {
    session: { baseUrl: relay.url, token: 'at_dashboard' },
    close: async () => {
      clearInterval(timer)
      await relay.close()
    },
  }
}

/**
 * Serves the page: what `npm run build` has made of it, or straight from its sources.
 * @param {{ session: { baseUrl: string, token: string }, port?: number, built?: boolean }} options
 */
export const serve = async ({ session, port = 5173, built = false }) => {
  const options = { root, configFile: /** @type {const} */ (false), plugins: [sessionApi(session)] }
  const listen = { host: '127.0.0.1', port }
  const server = built
    ? await preview({ ...options, preview: listen })
    : await (await createServer({ ...options, server: listen })).listen()
  const [url = ''] = server.resolvedUrls?.local ?? []
  return { url, close: () => server.close() }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { RELAY_URL: baseUrl, RELAY_TOKEN: token = '' } = process.env
  const session = baseUrl ? { baseUrl, token } : (await startDemoRelay()).session
  const { url } = await serve({ session })
  console.log(`Open it in several tabs: ${url}`)
}
