/** Links to headings: VitePress looks whether a page is there, and this whether the place on it is. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** What the values of an attribute are, in all tags of a kind. */
const valuesOf = (html: string, pattern: RegExp): readonly string[] =>
  Array.from(html.matchAll(pattern), ([, value = '']) => decodeURIComponent(value))

/**
 * Looks at all pages of a built site.
 * @param folder Where it was built.
 * @throws {Error} Some links lead to no heading. The message names them.
 */
export const checkAnchors = (folder: string): void => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  )
  const pages = new Map<string, string>(
    files.map((file) => [`/${file.split(sep).join('/')}`, readFileSync(join(folder, file), 'utf8')] as const),
  )
  const ids = new Map<string, ReadonlySet<string>>(
    Array.from(pages, ([path, html]) => [path, new Set(valuesOf(html, /\sid="([^"]+)"/g))] as const),
  )
  const broken = Array.from(pages).flatMap(([path, html]) =>
    valuesOf(html, /<a\b[^>]*?\shref="([^"]*#[^"]+)"/g)
      .filter((href) => {
        const { origin, pathname, hash } = new URL(href, `http://site${path}`)
        if (origin !== 'http://site') return false
        const page = pathname.endsWith('/') ? `${pathname}index.html` : pathname
        return !ids.get(decodeURIComponent(page))?.has(decodeURIComponent(hash.slice(1)))
      })
      .map((href) => `${path} → ${href}`),
  )
  if (broken.length > 0) throw new Error(`links to headings that are not there:\n  ${broken.join('\n  ')}`)
}
