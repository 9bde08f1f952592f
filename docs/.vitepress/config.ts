/** The site: the repository's own Markdown where it stands, and `api/`, which `docs/site.mjs` has typedoc write. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { slug } from 'github-slugger'
import { defineConfig, type DefaultTheme } from 'vitepress'
import { entries } from '../entries.mjs'
import { checkAnchors } from './anchors.js'
import { repositoryLinks } from './repository-links.js'

/** On GitHub a folder's page is its README, on the site its index. */
const siteId = (id: string): string => id.replace(/(^|\/)README\.md$/, '$1index.md')

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The pages of a folder by their headings, those of `first` before the others. */
const pagesOf = (folder: string, first: readonly string[]): DefaultTheme.SidebarItem[] => {
  const rank = (name: string): number => (first.includes(name) ? first.indexOf(name) : first.length)
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en'))
    .map((name) => {
      const heading = /^# (.+)$/m.exec(readFileSync(join(root, folder, `${name}.md`), 'utf8'))
      return { text: heading?.[1] ?? name, link: `/${folder}/${name}` }
    })
}

const guides = pagesOf('docs/guides', ['dashboard', 'react', 'pwa', 'playwright', 'vitest', 'from-the-sdk'])

const examples: DefaultTheme.SidebarItem[] = [
  { text: 'Dashboard', link: '/examples/dashboard/' },
  { text: 'Own server', link: '/examples/own-server/' },
]

const reference: DefaultTheme.SidebarItem[] = [
  { text: 'Errors', link: '/docs/errors' },
  { text: 'Protocol', link: '/PROTOCOL' },
  { text: 'Browsers', link: '/docs/browsers' },
  { text: 'Versions', link: '/docs/versioning' },
  { text: 'Security', link: '/SECURITY' },
  { text: 'Changelog', link: '/CHANGELOG' },
]

const project: DefaultTheme.SidebarItem[] = [
  { text: 'Contributing', link: '/CONTRIBUTING' },
  { text: 'Architecture', link: '/docs/architecture' },
  { text: 'Performance', link: '/docs/performance' },
]

/** The page that typedoc has written of an entry. Where a name differs from another only by case, it numbers the second. */
const apiPage = ({ name }: { readonly name: string }): DefaultTheme.SidebarItem => {
  const page = [name, `${name}-1`].find((each) => existsSync(join(root, `docs/api/${each}.md`)))
  if (page === undefined) throw new Error(`expected a page of the API for ${name}, found none`)
  return { text: name, link: `/docs/api/${page}` }
}

export default defineConfig({
  // The demo's Vite plugins have no part in the site.
  vite: { configFile: false },
  title: 'tabmux',
  description: 'One WebSocket for every tab.',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '..',
  srcExclude: ['{demo,dist,e2e,playwright-report,src,test-results,worker}/**', '**/node_modules/**'],
  rewrites: siteId,
  markdown: {
    // The same addresses of headings as on GitHub, so that one link serves both.
    anchor: { slugify: slug },
    config: (md) => repositoryLinks(md),
  },
  buildEnd: ({ outDir }) => checkAnchors(outDir),
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/docs/guides/dashboard' },
      { text: 'API', link: '/docs/api/tabmux' },
      { text: 'Protocol', link: '/PROTOCOL' },
    ],
    sidebar: [
      { text: 'tabmux', link: '/' },
      { text: 'Guides', items: guides },
      { text: 'Examples', items: examples },
      { text: 'API', items: entries.map(apiPage) },
      { text: 'Reference', items: reference },
      { text: 'Project', items: project },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
  },
})
