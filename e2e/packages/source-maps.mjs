/** Whether the source maps of the package lead to sources that it has. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/**
 * @param {string} folder The installed package.
 * @returns {Promise<string[]>} What leads nowhere.
 */
export const brokenSourceMaps = async (folder) => {
  const maps = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.map'))
  if (maps.length === 0) throw new Error('The package has no source maps.')
  const broken = []
  for (const path of maps) {
    /** @type {{ sourceRoot?: string, sources: string[], sourcesContent?: (string | null)[] }} */
    const {
      sourceRoot = '',
      sources,
      sourcesContent,
    } = JSON.parse(await readFile(join(folder, path), 'utf8'))
    for (const [index, source] of sources.entries()) {
      const file = join(folder, dirname(path), sourceRoot, source)
      const isShipped = existsSync(file) && !relative(folder, file).startsWith('..')
      if (!isShipped && typeof sourcesContent?.[index] !== 'string') broken.push(`${path}: ${source}`)
    }
  }
  return broken
}
