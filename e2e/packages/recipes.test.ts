/** The guide's recipes are the apps that are tested: their code is compared, file by file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const guide = readFileSync(path('../../docs/guides/bundlers.md'), 'utf8')

interface Section {
  readonly title: string
  /** The apps that it names. */
  readonly apps: readonly string[]
  readonly blocks: readonly Block[]
}

/** A block of code. */
interface Block {
  readonly language: string
  /** The file that it is, if it is one. */
  readonly file: string | undefined
  readonly code: string
}

const sections: Section[] = guide.split(/^## /m).map((text) => ({
  title: text.slice(0, text.indexOf('\n')),
  apps: [...text.matchAll(/`e2e\/packages\/([\w-]+)`/g)].map(([, app = '']) => app),
  blocks: [...text.matchAll(/^```(\w+)(?: \[(.+)\])?\n([^]*?)^```$/gm)].map(
    ([, language = '', file, code = '']) => ({ language, file, code }),
  ),
}))

const read = (app: string, file: string): string => {
  const own = path(`${app}/${file}`)
  return readFileSync(existsSync(own) ? own : path(`shared/${file}`), 'utf8')
}

const cases = sections.flatMap(({ title, apps, blocks }) =>
  apps.flatMap((app) => blocks.map((block) => ({ title, app, block, what: block.file ?? 'the command' }))),
)

test('each bundler that is tested has a recipe, and no other', () => {
  const folders = readdirSync(path('.'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const apps = folders.map(({ name }) => name).filter((name) => name !== 'relay')
  expect(sections.flatMap((section) => section.apps).toSorted()).toEqual(apps.toSorted())
})

test('the versions in the guide are those of the apps', () => {
  const tools = ['vite', 'webpack', '@rspack/core', 'esbuild', 'parcel', 'next']
  const versions = sections
    .flatMap(({ apps }) => apps.filter((app) => existsSync(path(`${app}/package.json`))))
    .flatMap((app) =>
      tools.map((tool) => JSON.parse(read(app, 'package.json')).devDependencies?.[tool] ?? []),
    )
    .flat()
  expect(versions).not.toHaveLength(0)
  expect(versions.filter((version) => !guide.includes(version))).toEqual([])
})

/** Whether the block is what the app has: a whole file, a part of a JSON file, or a command of its scripts. */
const isOf = (app: string, { language, file = '', code }: Block): boolean => {
  if (language === 'sh')
    return Object.values(JSON.parse(read(app, 'package.json')).scripts).includes(code.trim())
  if (language !== 'json') return code === read(app, file)
  const actual = JSON.parse(read(app, file))
  return Object.entries(JSON.parse(code)).every(([key, value]) => isDeepStrictEqual(actual[key], value))
}

test.each(cases)('$title: $what is that of $app', ({ app, block }) => {
  expect(isOf(app, block)).toBe(true)
})
