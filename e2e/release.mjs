/**
 * `npm run release` publishes the version that stands in `package.json`, from a clean tree whose commit has its tag. It
 * runs the tests, packs, looks at what was packed, and publishes just that, with its provenance: so it has to run where
 * npm can prove one, which is `.github/workflows/release.yml`.
 *
 * `npm run release -- --dry-run` packs and looks, and says what a release would still want. It needs `npm run build`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { root, run } from './command.mjs'

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
const isDryRun = values['dry-run']

/** @type {{ name: string, version: string, repository?: unknown, exports: Record<string, unknown> }} */
const pack = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** @param {string[]} args */
const git = (args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()

/** What a release wants of the repository; each line says what is missing. */
const missing = () => {
  const tag = `v${pack.version}`
  const heading = `## [${pack.version}] - `
  const line = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(heading))
  const isDated = /^\d{4}-\d{2}-\d{2}$/.test(line?.slice(heading.length) ?? '')
  return [
    git(['status', '--porcelain']) !== '' && 'a clean tree (git status)',
    !git(['tag', '--points-at', 'HEAD']).split('\n').includes(tag) && `the tag ${tag} on this commit`,
    !isDated &&
      `"${heading}YYYY-MM-DD" in CHANGELOG.md, found ${line ? `"${line}"` : 'nothing of this version'}`,
    !pack.repository && '"repository" in package.json: npm compares the provenance with it',
  ].filter((what) => what !== false)
}

/** The files that `exports` leads to. @param {unknown} target @returns {string[]} */
const targetsOf = (target) =>
  typeof target === 'string' ? [target.replace('./', '')] : Object.values(target ?? {}).flatMap(targetsOf)

const required = ['CHANGELOG.md', 'LICENSE', 'PROTOCOL.md', 'README.md', 'SECURITY.md', 'package.json']
const allowed = /^(?:[A-Z]+(?:\.md)?$|package\.json$|(?:dist|docs|src|worker)\/)/
/** What is for those who change the package. */
const forbidden = /\.(?:test|test-d|spec)\.|(?:^|\/)(?:\.|api\/|fakes\/|fuzz\/|node_modules\/|simulation\/)/
/** In bytes, unpacked: far over what it is, so that it is only met by mistake. */
const MOST = 4 * 2 ** 20

/** @param {string} folder Where the package was unpacked. */
const contentsOf = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.split(sep).join('/'))

/**
 * What is wrong with a package; nothing if all is well.
 * @param {string} folder
 */
const faultsOf = (folder) => {
  const files = contentsOf(folder)
  const size = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
  console.log(`${files.length} files, ${(size / 1_000).toFixed(0)} kB`)
  return [
    ...[...required, ...targetsOf(pack.exports)]
      .filter((file) => !files.includes(file))
      .map((file) => `${file} is missing`),
    ...files
      .filter((file) => !allowed.test(file) || forbidden.test(file))
      .map((file) => `${file} should not be in it`),
    ...files
      .filter((file) => readFileSync(join(folder, file), 'utf8').includes(root))
      .map((file) => `${file} has a path of this machine`),
    ...(size > MOST ? [`${size} bytes are more than ${MOST}`] : []),
  ]
}

/** @param {string} command @param {string[]} args */
const must = (command, args) => {
  if (!run(command, args)) throw new Error(`${command} ${args.join(' ')} has failed.`)
}

const wanted = missing()
if (wanted.length > 0) {
  const list = wanted.map((what) => `  - ${what}`).join('\n')
  if (!isDryRun) throw new Error(`A release wants\n${list}`)
  console.log(`A release would still want\n${list}`)
}
if (!isDryRun) must('npm', ['test'])

const folder = mkdtempSync(join(tmpdir(), 'tabmux-release-'))
try {
  must('npm', ['pack', '--silent', '--pack-destination', folder])
  const tarball = join(folder, `${pack.name}-${pack.version}.tgz`)
  must('tar', ['-xzf', tarball, '-C', folder])
  const faults = faultsOf(join(folder, 'package'))
  if (faults.length > 0) throw new Error(`The package is not right:\n  ${faults.join('\n  ')}`)
  if (isDryRun) console.log(`Not published: npm publish ${pack.name}-${pack.version}.tgz --provenance`)
  else must('npm', ['publish', tarball, '--provenance', '--access', 'public'])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
