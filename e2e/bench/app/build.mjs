/** Builds the page that is measured, from the package as it ships: `dist`. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Where it is built to. */
export const folder = fileURLToPath(new URL('dist', import.meta.url))

/** @param {{ readonly minify: boolean }} options names stay readable in profiles if it is not minified */
export const buildPage = ({ minify }) =>
  build({
    root,
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', minify },
  })
