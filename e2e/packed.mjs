/**
 * Packs the package, installs it into a new Vite app as a user would, and sees that it builds, has its types and
 * works: two tabs, one socket, every message once in each.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, expect } from '@playwright/test'
import { chromium as launchOptions } from './browsers.mjs'
import { root, run } from './command.mjs'

/** The app, by file name. */
const files = {
  'package.json': '{ "private": true, "type": "module" }',
  'index.html': '<!doctype html><title>app</title><script type="module" src="./main.ts"></script>',
  'relay.worker.ts': "import 'tabmux/worker'\n",
  'main.ts': `
    import { connect, type Relay } from 'tabmux'

    const relay: Relay = connect({
      baseUrl: new URLSearchParams(location.search).get('relay') ?? '',
      token: 'at_live_alice',
      worker: () =>
        new SharedWorker(new URL('./relay.worker.ts', import.meta.url), { type: 'module', name: 'tabmux' }),
    })
    relay.on.messageCreated(({ message, channel }) => {
      const line = document.createElement('p')
      line.textContent = \`\${channel}: \${message.text}\`
      document.body.append(line)
    })
    relay.ready.then(() => document.body.classList.add('ready'))
  `,
  // Never run: it sees that the other entries have their types too, and that they are not \`any\`.
  'types.ts': `
    import type { ServerEvent } from 'tabmux/protocol'
    import type { startRelay } from 'tabmux/testing'

    export type EventType = ServerEvent['type']
    // @ts-expect-error No event is called so.
    export const type: EventType = 'no.such.event'
    // @ts-expect-error The agents are a record.
    export const options: Parameters<typeof startRelay>[0] = { agents: 1 }
  `,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      module: 'ESNext',
      moduleResolution: 'bundler',
      strict: true,
      noEmit: true,
      types: [],
    },
    include: ['*.ts'],
  }),
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
const must = (command, args, cwd) => {
  if (!run(command, args, { cwd })) throw new Error(`${command} ${args.join(' ')} has failed.`)
}

/** @param {string} app Where to make it, with the package installed. */
const makeApp = async (app) => {
  const pack = join(app, 'pack')
  await mkdir(pack, { recursive: true })
  must('npm', ['pack', '--silent', '--pack-destination', pack], root)
  const [tarball = ''] = await readdir(pack)
  for (const [name, text] of Object.entries(files)) await writeFile(join(app, name), text)
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const others = ['vite', 'ws', 'libsql'].map((name) => `${name}@${devDependencies[name]}`)
  must('npm', ['install', '--silent', '--prefer-offline', join(pack, tarball), ...others], app)
}

/** @param {import('playwright').BrowserContext} context @param {string} url */
const openTab = async (context, url) => {
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(error))
  await page.goto(url)
  await page.locator('body.ready').waitFor({ state: 'attached' })
  return page
}

/**
 * @param {string} app
 * @param {(undo: () => unknown) => void} later Takes what ends what was started.
 */
const drive = async (app, later) => {
  const { resolve } = createRequire(join(app, 'package.json'))
  /** @param {string} name @returns {Promise<any>} The package that the app has installed. */
  const load = (name) => import(pathToFileURL(resolve(name)).href)

  /** @type {typeof import('vite')} */
  const { build, preview } = await load('vite')
  /** @type {typeof import('tabmux/testing')} */
  const { startRelay } = await load('tabmux/testing')

  await build({ root: app, logLevel: 'warn' })
  const server = await preview({ root: app, preview: { host: '127.0.0.1', port: 0 } })
  later(() => server.close())
  const relay = await startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' } })
  later(() => relay.close())
  const browser = await chromium.launch(launchOptions())
  later(() => browser.close())

  const context = await browser.newContext()
  const url = `${server.resolvedUrls?.local[0]}?relay=${encodeURIComponent(relay.url)}`
  const tabs = [await openTab(context, url), await openTab(context, url)]
  // What came twice would stand before what was posted after it.
  for (const text of ['first', 'second']) {
    relay.post({ from: 'bob', channel: 'general', text })
    for (const tab of tabs) await expect(tab.getByText(text)).not.toHaveCount(0)
  }
  for (const tab of tabs) await expect(tab.locator('p')).toHaveText(['general: first', 'general: second'])
  expect(relay.sockets('alice')).toHaveLength(1)
}

const app = await mkdtemp(join(tmpdir(), 'tabmux-packed-'))
/** @type {(() => unknown)[]} */
const undos = [() => rm(app, { recursive: true, force: true })]
try {
  await makeApp(app)
  must('tsc', ['-p', '.'], app)
  await drive(app, (undo) => undos.unshift(undo))
  console.log('The packed package installs, has its types, builds and works.')
} finally {
  for (const undo of undos) await undo()
}
