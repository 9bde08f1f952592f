/**
 * Builds the page that the tests drive, from the package as it ships, as often as an app is deployed: each build has
 * files of its own names, and is served from a folder of its own on one origin.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Deployments of one version of the package, and one of a later version whose bridge is another. */
const deployments = [
  { name: 'one', isNextBridge: false },
  { name: 'two', isNextBridge: false },
  { name: 'three', isNextBridge: false },
  { name: 'next-bridge', isNextBridge: true },
]

/**
 * Makes the package one whose bridge has the next version.
 * @returns {import('vite').Plugin}
 */
export const nextBridge = () => {
  let isFound = false
  return {
    name: 'next-bridge',
    transform(code, id) {
      if (!/\/src\/bridge\.[jt]s(?:\?|$)/.test(id)) return
      const changed = code.replace(/(?<=\bBRIDGE_VERSION = )\d+/, (version) => `${Number(version) + 1}`)
      isFound = changed !== code
      return changed
    },
    buildEnd(error) {
      if (!error && !isFound) throw new Error('expected BRIDGE_VERSION in src/bridge, found none')
    },
  }
}

/** The page made with React, in React's development build: only there does StrictMode run effects twice. */
const buildReact = () =>
  build({
    root: fileURLToPath(new URL('react', import.meta.url)),
    base: '/react/',
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"development"' },
    worker: { format: 'es' },
    build: {
      outDir: '../dist/react',
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: {
        // As @vitejs/plugin-react does: 'use client' is for other frameworks.
        onwarn: (warning, warn) => {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
        },
      },
    },
  })

export default async () => {
  await buildReact()
  for (const { name, isNextBridge } of deployments) {
    const plugins = () => (isNextBridge ? [nextBridge()] : [])
    await build({
      root,
      base: `/${name}/`,
      configFile: false,
      logLevel: 'warn',
      // Something has to differ from build to build, as it does in those of a real app.
      define: { BUILD: JSON.stringify(name) },
      plugins: plugins(),
      worker: { format: 'es', plugins },
      build: {
        outDir: `dist/${name}`,
        emptyOutDir: true,
        target: 'es2022',
        // On a busy machine it would say that the worker's build takes long.
        rolldownOptions: { checks: { pluginTimings: false } },
      },
    })
  }
}
