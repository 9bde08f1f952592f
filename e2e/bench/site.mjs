/** Serves the page that is measured. */
import { createServer } from 'node:http'
import { readStatic } from '../../demo/static-files.mjs'

/**
 * @typedef {object} Site
 * @property {string} url
 * @property {() => number | Promise<number>} gate What happens before a page begins; gives how many events it has missed.
 * @property {() => void} close
 */

/** @param {string} folder @returns {Promise<Site>} */
export const serve = async (folder) => {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    if (pathname === '/gate') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(String(await site.gate()))
      return
    }
    const file = await readStatic(folder, pathname)
    if (file) response.writeHead(200, file.headers).end(file.body)
    else response.writeHead(404).end()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  /** @type {Site} */
  const site = {
    url: `http://127.0.0.1:${port}`,
    gate: () => 0,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return site
}
