/**
 * Builds the two files for sites without a bundler, from the sources: `dist/tabmux.js` for the page and
 * `dist/tabmux.worker.js` for the worker. Each has all that it needs, and is built by itself so that they share no third.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig, type EnvironmentOptions } from 'vite'
import manifest from './package.json' with { type: 'json' }

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

const oneFile = (name: string, source: string): EnvironmentOptions => ({
  build: {
    outDir: path('./dist'),
    // `npm run build` has done it, and the other file is there too.
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    minify: true,
    sourcemap: true,
    license: { fileName: `${name}.licenses.md` },
    rolldownOptions: {
      input: path(source),
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: `${name}.js`,
        codeSplitting: false,
        // The licences of what is bundled want to be told with every copy.
        postBanner: `/*! tabmux ${manifest.version}, MIT; contains software under Apache-2.0: see ${name}.licenses.md */`,
      },
    },
  },
})

export default defineConfig({
  logLevel: 'warn',
  environments: {
    client: oneFile('tabmux', './src/index.ts'),
    worker: { consumer: 'client', ...oneFile('tabmux.worker', './worker/index.ts') },
  },
  builder: {
    buildApp: async (builder) => {
      for (const environment of Object.values(builder.environments))
        if (environment.name !== 'ssr') await builder.build(environment)
    },
  },
})
