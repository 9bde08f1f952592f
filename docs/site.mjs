/**
 * `npm run docs` builds the site from the repository's Markdown and docstrings into `docs/.vitepress/dist`;
 * `npm run docs -- dev` serves it while it is written, `npm run docs -- preview` what was built.
 */
import { run } from '../e2e/command.mjs'

const commands = ['build', 'dev', 'preview']

const [command = 'build', ...options] = process.argv.slice(2)
if (!commands.includes(command)) throw new Error(`expected one of ${commands.join(', ')}; got ${command}`)

const done =
  (command === 'preview' || run('typedoc', ['--options', 'docs/typedoc.config.mjs'])) &&
  run('vitepress', [command, 'docs', ...options])
if (!done) process.exitCode = 1
