/**
 * Builds the demo as often as it is deployed in the tests: as it ships, but for what tells one version from another, in
 * the page and in the worker.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { nextBridge } from '../app/build.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Two versions, and one of a later version of the package whose bridge is another. */
const versions = [
  { version: 'one', isNextBridge: false },
  { version: 'two', isNextBridge: false },
  { version: 'next-bridge', isNextBridge: true },
]

/**
 * @param {string} version
 * @returns {import('vite').Plugin}
 */
const mark = (version) => ({
  name: 'mark-version',
  transform: (code, id) =>
    id.endsWith('/relay.worker.ts') ? `${code}\nself.version = '${version}'\n` : null,
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { name: 'version', content: version }, injectTo: 'head-prepend' },
  ],
})

export default async () => {
  for (const { version, isNextBridge } of versions) {
    const plugins = () => [mark(version), ...(isNextBridge ? [nextBridge()] : [])]
    await build({
      configFile: `${root}vite.config.ts`,
      logLevel: 'warn',
      plugins: plugins(),
      worker: { plugins },
      build: {
        outDir: `${root}e2e/pwa/dist/${version}`,
        // On a busy machine it would say that the worker's build takes long.
        rolldownOptions: { checks: { pluginTimings: false } },
      },
    })
  }
}
