/** The public entries of the package, as `package.json` has them: what the API pages are made of. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Entry
 * @property {string} name What is imported: `tabmux/worker`.
 * @property {string} source Its source, as an absolute path.
 */

const root = new URL('../', import.meta.url)

/** @param {string} types Where the entry's types are built: `./dist/worker/index.d.ts`. */
const sourceOf = (types) => {
  const base = types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '')
  for (const extension of ['.ts', '.tsx']) {
    const path = fileURLToPath(new URL(base + extension, root))
    if (existsSync(path)) return path
  }
  throw new Error(`package.json: expected ${types} to be built from ${base}.ts(x), found neither`)
}

const readEntries = () => {
  /** @type {{ name: string, exports: Record<string, string | { types?: string }> }} */
  const { name, exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
  const all = Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'object' && target.types !== undefined
      ? [{ name: path.replace('.', name), source: sourceOf(target.types) }]
      : [],
  )
  // The files for sites without a bundler are other entries' own, bundled.
  return all.filter(({ source }, index) => all.findIndex((each) => each.source === source) === index)
}

/**
 * Those with types and a source of their own, in the order of `package.json`.
 * @type {readonly Entry[]}
 */
export const entries = readEntries()
