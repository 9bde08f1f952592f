/**
 * `npm run snippets` compiles every snippet of the README, the docs and the examples, by the project's own rules. What
 * is wrong is told by the line of the Markdown.
 *
 * Snippets of one page that begin with `// name.ts` can import each other by that name. One that needs what is not in
 * it says so in a comment before its fence: `<!-- snippet: relay -->` adds the declarations of `docs/snippets/relay.d.ts`
 * (`relay, list` those of two files). `<!-- snippet: skip, because … -->` leaves it out.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { root } from '../e2e/command.mjs'
import { fileOf, snippetsOf } from './snippets/extract.mjs'

const out = join(root, 'test-results', 'snippets')
const elsewhere = /(?:^|\/)(?:node_modules|dist|cache)\/|^docs\/api\//

const pages = () =>
  ['.', 'docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .map((file) => join(folder, file).split(sep).join('/'))
      .filter((file) => file.endsWith('.md') && !elsewhere.test(file)),
  )

/** @type {{ scripts: Record<string, string> }} */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** @type {string[]} What is wrong, each with its place. */
const faults = []
let compiled = 0
/** @type {string[]} */
const skipped = []

/**
 * What compilers do not look at: JSON is parsed, and the project's commands have to be there.
 * @param {import('./snippets/extract.mjs').Snippet} snippet
 * @param {string} place
 */
const checkOther = ({ language, code }, place) => {
  if (language === 'json') {
    try {
      JSON.parse(code)
    } catch (error) {
      faults.push(`${place} ${error}`)
    }
  }
  if (language !== 'sh') return
  for (const [, name = ''] of code.matchAll(/\bnpm run ([\w:-]+)/g)) {
    if (!(name in scripts)) faults.push(`${place} there is no command "npm run ${name}"`)
  }
}

/** @param {string} names */
const declarations = (names) =>
  names.split(/,\s*/).map((name) => readFileSync(join(root, 'docs', 'snippets', `${name}.d.ts`), 'utf8'))

/** @param {string} page */
const extract = (page) => {
  const taken = new Set()
  for (const snippet of snippetsOf(readFileSync(join(root, page), 'utf8'))) {
    const place = `${page}:${snippet.line}`
    const file = fileOf(snippet)
    if (!file) checkOther(snippet, place)
    else if (snippet.note?.startsWith('skip')) {
      if (/^skip, \S+ \S+/.test(snippet.note)) skipped.push(`${place} ${snippet.note}`)
      else faults.push(`${place} expected a reason: "skip, because …"; got "${snippet.note}"`)
    } else {
      const { name, text } = file
      // Of two of one name the second is a variant, which nobody imports.
      const path = join(out, page, taken.has(name) ? `line-${snippet.line}-${name}` : name)
      taken.add(name)
      mkdirSync(dirname(path), { recursive: true })
      const added = snippet.note === null ? [] : declarations(snippet.note)
      writeFileSync(path, [text, ...added].join('\n'))
      compiled += 1
    }
  }
}

const compile = () => {
  const options = {
    extends: '../../tsconfig.json',
    // A snippet shows one thing, and may leave what to do with it to the reader.
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, moduleDetection: 'force' },
    include: ['**/*'],
    exclude: [],
  }
  writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(options))
  const { status, stdout, stderr } = spawnSync('tsc', ['-p', out, '--pretty', 'false'], {
    cwd: out,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}` },
    shell: process.platform === 'win32',
  })
  if (status === 0) return
  // `docs/guides/pwa.md/main.ts(12,5): error …` is line 12 of the Markdown.
  const places = /^(.+\.md)\/(.+?)\((\d+),(\d+)\): /gm
  faults.push((stdout + stderr).replace(places, '$1:$3:$4 ($2) ').trim())
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
for (const page of pages()) extract(page)
compile()
for (const line of skipped) console.log(`not compiled: ${line}`)
if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exitCode = 1
} else console.log(`${compiled} snippets compile.`)
