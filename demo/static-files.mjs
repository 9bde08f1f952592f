/** Serves the files of a folder. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

/** @type {Readonly<Record<string, string>>} */
const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
}

/**
 * Reads the file that a path of a URL stands for; undefined if there is none. A path cannot lead out of the folder.
 *
 * @param {string} folder
 * @param {string} pathname
 */
export const readStatic = async (folder, pathname) => {
  try {
    const inside = normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname))
    const body = await readFile(join(folder, inside))
    return {
      body,
      headers: {
        'content-type': contentTypes[extname(inside)] ?? 'application/octet-stream',
        // Names below /assets carry a hash of their content.
        'cache-control': inside.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    }
  } catch {
    return undefined
  }
}
