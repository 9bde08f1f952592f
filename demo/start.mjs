/** `npm start`: installs what is missing, builds, and starts the relay and the demo. */
import { parseArgs } from 'node:util'
import { run } from '../e2e/command.mjs'
import { install } from '../e2e/install.mjs'

/**
 * Starts at this port, or the next one that is free and has a free one after it.
 * @param {number} port
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
const startFrom = async (port) => {
  // Only now: it imports the package that was just built.
  const { start } = await import('./server.mjs')
  return start({ port }).catch((error) => {
    if (error.code === 'EADDRINUSE') return startFrom(port + 1)
    throw error
  })
}

const main = async () => {
  const { values } = parseArgs({ options: { port: { type: 'string' } } })
  const wanted = values.port ?? process.env['PORT'] ?? '4173'
  const port = Number(wanted)
  if (!Number.isInteger(port) || port < 1 || port > 65_534)
    throw new Error(`The port is a number from 1 to 65534, and the relay takes the next one; got ${wanted}.`)

  install()
  if (!run('npm', ['run', '--silent', 'build', '--', '--logLevel', 'warn']))
    throw new Error('The build has failed.')

  const { url, close } = await startFrom(port)
  console.log(`tabmux demo: ${url}`)

  const end = async () => {
    await close()
    process.exit()
  }
  process.once('SIGINT', end).once('SIGTERM', end)
}

main().catch((/** @type {Error} */ error) => {
  console.error(error.message)
  process.exitCode = 1
})
