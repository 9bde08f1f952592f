/** Links between files of the repository, as they have to be on the site. */
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MarkdownRenderer } from 'vitepress'

const root = fileURLToPath(new URL('../..', import.meta.url))
const api = join(root, 'docs', 'api')

const isRelative = (href: string): boolean => !/^(?:[a-z]+:|#|\/)/.test(href)

/**
 * A README is the page of its folder. A file that is no page (a licence, a source) is named and not linked: it has no
 * public address.
 * @param page The file that has the link.
 * @throws {Error} The file that it leads to is not there.
 */
const siteLink = (href: string, page: string): string | null => {
  const [path = '', hash = ''] = href.split(/(?=#)/)
  if (!existsSync(join(dirname(page), path))) throw new Error(`${relative(root, page)}: dead link: ${href}`)
  if (!path.endsWith('.md')) return null
  return path.replace(/(^|\/)README\.md$/, '$1index.md') + hash
}

/** Adds this to a renderer. The pages of the API are generated, and their links are the site's own. */
export const repositoryLinks = (md: MarkdownRenderer): void => {
  md.core.ruler.push('repository_links', ({ tokens, env }) => {
    // VitePress says which file it renders; without one there is nothing that a link could be relative to.
    const { realPath: page } = env as { readonly realPath?: string }
    if (page === undefined || page.startsWith(api)) return
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (href === null || !isRelative(href)) continue
      const link = siteLink(href, page)
      if (link !== null) token.attrSet('href', link)
      else token.attrs = token.attrs?.filter(([name]) => name !== 'href') ?? null
    }
  })
}
