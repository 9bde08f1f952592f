/** What typedoc writes the API pages with. Whatever is wrong with a docstring ends the build. */
import { fileURLToPath } from 'node:url'
import { entries } from './entries.mjs'

/** @param {string} path Relative to this file. */
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** @type {Partial<import('typedoc').TypeDocOptions> & Partial<import('typedoc-plugin-markdown').PluginOptions>} */
const options = {
  name: 'API',
  plugin: ['typedoc-plugin-markdown', here('typedoc-plugin.mjs')],
  entryPoints: entries.map(({ source }) => source),
  tsconfig: here('../tsconfig.json'),
  out: here('api'),
  readme: 'none',
  router: 'module',
  // The repository has no public address yet, and line numbers would make each change a change of all pages.
  disableSources: true,
  excludeExternals: true,
  groupOrder: ['Functions', 'Classes', 'Interfaces', '*'],
  hideBreadcrumbs: true,
  hidePageHeader: true,
  // Its own slugs are not always those of the headings.
  useHTMLAnchors: true,
  parametersFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
  validation: { invalidLink: true, notDocumented: true, notExported: true, rewrittenLink: true },
  // Fields are looked after by the plugin.
  requiredToBeDocumented: [
    'Accessor',
    'Class',
    'Constructor',
    'Enum',
    'EnumMember',
    'Function',
    'Interface',
    'Method',
    'Module',
    'TypeAlias',
    'Variable',
  ],
  // Steps on the way to a public type: to spell them out says more than their names.
  intentionallyNotExported: ['Camelized', 'Container', 'CamelValue', 'Repeat', 'statuses'],
  treatWarningsAsErrors: true,
}

export default options
