/** Finds the snippets of a Markdown text, and makes files of them that a compiler can read. Pure. */

/**
 * @typedef {object} Snippet
 * @property {string} language As the fence names it: `ts`.
 * @property {string} code Without the indentation of its fence.
 * @property {number} line Where the code begins, from 1.
 * @property {string | null} note What the comment before it says: `snippet: NOTE`.
 */

/**
 * @typedef {object} SourceFile
 * @property {string} name
 * @property {string} text Each line of the snippet is the line that it is in the Markdown.
 */

const fence = /^(\s*)(`{3,}|~{3,})\s*([\w-]*)/
const comment = /^\s*<!-- snippet: (.*?) -->\s*$/
const fileName = /^(?:\/\/|<!--)\s+([\w./-]+\.(?:html|[jt]sx?|m[jt]s))\b/
const script = /<script\b([^>]*)>([\s\S]*?)<\/script>/g

/** The ending of the file that a language is compiled as. */
const endings = new Map(
  Object.entries({
    ts: 'ts',
    typescript: 'ts',
    mts: 'ts',
    tsx: 'tsx',
    js: 'js',
    javascript: 'js',
    mjs: 'js',
    jsx: 'jsx',
  }),
)

/**
 * All fenced blocks of a text.
 * @param {string} markdown
 * @returns {Snippet[]}
 */
export const snippetsOf = (markdown) => {
  const lines = markdown.split('\n')
  /** @type {Snippet[]} */
  const snippets = []
  /** @type {string | null} */
  let note = null
  for (let index = 0; index < lines.length; index += 1) {
    const [, indent = '', marks, language = ''] = fence.exec(lines[index] ?? '') ?? []
    if (marks === undefined) {
      // A comment holds over empty lines, up to the next text.
      if (lines[index]?.trim()) note = comment.exec(lines[index] ?? '')?.[1] ?? null
      continue
    }
    const begin = index + 1
    const length = lines.slice(begin).findIndex((line) => line.trim() === marks)
    if (length === -1) throw new Error(`${begin}: this fence has no end`)
    const code = lines.slice(begin, begin + length).map((line) => line.replace(indent, ''))
    snippets.push({ language, code: code.join('\n'), line: begin + 1, note })
    note = null
    index = begin + length
  }
  return snippets
}

/**
 * The scripts of an HTML snippet, without its other lines.
 * @param {string} html
 */
const scriptsOf = (html) => {
  let text = ''
  for (const { 0: all, 1: attributes = '', 2: body = '', index } of html.matchAll(script)) {
    if (/\bsrc=|type="(?!module|text\/javascript)/.test(attributes) || body.trim() === '') continue
    const before = html.slice(0, index + all.indexOf('>') + 1)
    text += '\n'.repeat(before.split('\n').length - text.split('\n').length) + body
  }
  return text
}

/**
 * The file of a snippet; null if it is of no language that is compiled.
 * @param {Snippet} snippet
 * @returns {SourceFile | null}
 */
export const fileOf = ({ language, code, line }) => {
  const text = language === 'html' ? scriptsOf(code) : code
  const ending = language === 'html' ? 'js' : endings.get(language)
  if (ending === undefined || text.trim() === '') return null
  const own = language === 'html' ? undefined : fileName.exec(code)?.[1]
  return { name: own ?? `line-${line}.${ending}`, text: '\n'.repeat(line - 1) + text }
}
