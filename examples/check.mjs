/**
 * `npm run examples` builds the examples against the packed package and drives them in Chromium: the dashboard with its
 * own relay, and with that of `own-server`, which is restarted on the way.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, expect } from '@playwright/test'
import { startRelay } from 'tabmux/testing'
import { chromium as launchOptions } from '../e2e/browsers.mjs'
import { root, run } from '../e2e/command.mjs'

// Inside the repository, so that the examples find the tools that they ask for in its `node_modules`.
const out = join(root, 'test-results', 'examples')
const examples = ['dashboard', 'own-server']

/** @param {string} command @param {string[]} args @param {string} cwd */
const must = (command, args, cwd) => {
  if (!run(command, args, { cwd })) throw new Error(`${command} ${args.join(' ')} has failed.`)
}

/** @param {string} folder */
const readPackage = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** What an example asks for has to be what it is tried with. */
const checkVersions = () => {
  const { devDependencies } = readPackage(root)
  const known = {
    ...devDependencies,
    typescript: devDependencies['@typescript/native'].replace(/^npm:typescript@/, ''),
  }
  for (const example of examples) {
    const own = readPackage(join(root, 'examples', example))
    for (const [name, range] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
      if (name !== 'tabmux' && known[name] !== range)
        throw new Error(
          `examples/${example}: expected ${name} ${known[name]}, which it is tried with; got ${range}`,
        )
    }
  }
}

/** Puts the examples beside a package that is what users would install. */
const prepare = () => {
  rmSync(out, { recursive: true, force: true })
  const home = join(out, 'node_modules', 'tabmux')
  mkdirSync(home, { recursive: true })
  must('npm', ['pack', '--silent', '--pack-destination', out], root)
  const tarball = readdirSync(out).find((file) => file.endsWith('.tgz')) ?? ''
  must('tar', ['-xzf', join(out, tarball), '-C', home, '--strip-components=1'], out)
  for (const example of examples) {
    const isSource = (/** @type {string} */ path) => !/[\\/](?:node_modules|dist)(?:[\\/]|$)/.test(path)
    cpSync(join(root, 'examples', example), join(out, example), {
      recursive: true,
      filter: (path) => isSource(path.slice(root.length)),
    })
  }
  must('npm', ['run', '--silent', 'build'], join(out, 'dashboard'))
}

/** @param {string} path @returns {Promise<any>} A module of an example, as it is in its place there. */
const load = (path) => import(pathToFileURL(join(out, path)).href)

/**
 * The dashboard, built and served, and a browser for it.
 * @param {(dashboard: {
 *   origin: string,
 *   openTabs: (baseUrl: string) => Promise<import('@playwright/test').Page[]>,
 * }) => Promise<void>} drive `openTabs` opens two, of an app whose relay is at this address.
 */
const withDashboard = async (drive) => {
  const { serve } = await load('dashboard/server.mjs')
  const session = { baseUrl: '', token: 'at_dashboard' }
  const site = await serve({ session, port: 0, built: true })
  const browser = await chromium.launch(launchOptions())
  try {
    const context = await browser.newContext()
    await drive({
      origin: new URL(site.url).origin,
      openTabs: async (baseUrl) => {
        session.baseUrl = baseUrl
        const tabs = [await context.newPage(), await context.newPage()]
        for (const tab of tabs) await tab.goto(site.url)
        for (const tab of tabs) await expect(tab.getByRole('status')).toHaveText('connected, 2 tabs')
        return tabs
      },
    })
  } finally {
    await browser.close()
    await site.close()
  }
}

/** @param {import('@playwright/test').Page[]} tabs @param {string[]} messages */
const expectMessages = async (tabs, messages) => {
  for (const tab of tabs) await expect(tab.getByRole('listitem')).toHaveText(messages)
}

const tryReferenceRelay = () =>
  withDashboard(async ({ openTabs }) => {
    const relay = await startRelay({ agents: { dashboard: 'at_dashboard', ada: 'at_ada' } })
    try {
      const tabs = await openTabs(relay.url)
      relay.post({ from: 'ada', channel: 'general', text: 'one' })
      await expectMessages(tabs, ['ada: one'])
      await tabs[0]?.reload()
      relay.post({ from: 'ada', channel: 'general', text: 'two' })
      await expectMessages(tabs, ['ada: one', 'ada: two'])
      expect(relay.sockets('dashboard')).toHaveLength(1)
    } finally {
      await relay.close()
    }
  })

const tryOwnServer = () =>
  withDashboard(async ({ origin, openTabs }) => {
    const { start } = await load('own-server/server.mjs')
    let server = await start({ port: 0, origins: [origin] })
    const { url } = server
    const post = async (/** @type {string} */ text) => {
      const body = JSON.stringify({ channel: 'general', from: 'ada', text })
      // A connection that is kept would be one to the server of before.
      const headers = { connection: 'close' }
      expect((await fetch(`${url}/messages`, { method: 'POST', body, headers })).status).toBe(204)
    }
    try {
      const tabs = await openTabs(url)
      await post('one')
      await expectMessages(tabs, ['ada: one'])
      await server.close()
      server = await start({ port: Number(new URL(url).port), origins: [origin] })
      await post('two')
      await expectMessages(tabs, ['ada: one', 'ada: two'])
      for (const tab of tabs)
        await expect(tab.getByRole('alert')).toHaveText('Messages may be missing (counter_reset).')
    } finally {
      await server.close()
    }
  })

checkVersions()
prepare()
await tryReferenceRelay()
await tryOwnServer()
console.log('The examples build and work.')
