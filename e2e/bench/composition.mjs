/** What the bytes of the entries are made of. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The size of some code as it comes to a browser, in bytes. @param {string} code */
const sizeOf = (code) => brotliCompressSync(code).length

/** One entry and all that it imports, as one minified file. @param {string} entry */
const bundle = async (entry) => {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      // Of a library's modules Vite leaves the white space.
      lib: { entry, formats: ['iife'], name: 'entry' },
    },
  })
  const [output] = Array.isArray(built) ? built : []
  const chunk = output?.output.find((each) => each.type === 'chunk')
  if (chunk?.type !== 'chunk') throw new Error(`expected ${entry} to become one file`)
  return chunk
}

/** Prints each file with its share of the code before it is minified, and the size of all as it comes to a browser. */
export const composition = async () => {
  for (const entry of ['dist/src/index.js', 'dist/worker/index.js']) {
    const chunk = await bundle(entry)
    const parts = Object.entries(chunk.modules).map(
      ([id, { renderedLength }]) => /** @type {const} */ ([relative(root, id), renderedLength]),
    )
    const all = parts.reduce((sum, [, length]) => sum + length, 0)
    const kB = sizeOf(chunk.code) / 1_000
    console.log(`\n${entry}: ${kB.toFixed(2)} kB, minified and brotli; by the share of its files, kB`)
    for (const [file, length] of parts.toSorted(([, a], [, b]) => b - a))
      console.log(`${((kB * length) / all).toFixed(2).padStart(9)}  ${file}`)
  }
}
