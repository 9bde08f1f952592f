/**
 * Packs the package, installs it into new apps as their users would, one of each bundler, and sees that it has its
 * types, is built, and works in a browser, over a deployment of its next version too.
 * `node e2e/packed.mjs vite-8 webpack` does so for these alone.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'
import { chromium as launchOptions } from './browsers.mjs'
import { root } from './command.mjs'
import { appNames, build, installApp, must, pack, RELAY, updatePackage } from './packages/apps.mjs'
import { drive } from './packages/drive.mjs'
import { serveByScript, serveFiles } from './packages/serve.mjs'
import { brokenSourceMaps } from './packages/source-maps.mjs'

/** @typedef {import('./packages/apps.mjs').App} App */
/** @typedef {{ browser: import('playwright').Browser, startRelay: typeof import('tabmux/testing').startRelay }} World */

/**
 * @param {World} world
 * @param {import('./packages/serve.mjs').Site} site
 * @param {() => unknown} [deploy]
 */
const driveSite = async ({ browser, startRelay }, site, deploy) => {
  /** @type {(() => unknown)[]} */
  const undos = [() => site.close()]
  try {
    const relay = await startRelay({ agents: { alice: 'at_live_alice', bob: 'at_live_bob' } })
    undos.unshift(() => relay.close())
    const context = await browser.newContext()
    undos.unshift(() => context.close())
    await drive({ context, relay, url: site.url, ...(deploy && { deploy }) })
  } finally {
    for (const undo of undos) await undo()
  }
}

/** @type {{ name: string, ok: boolean, seconds: number }[]} */
const results = []

/** @param {string} name @param {() => unknown} work */
const check = async (name, work) => {
  console.log(`\n${name}`)
  const start = performance.now()
  let ok = true
  try {
    await work()
  } catch (error) {
    ok = false
    console.error(error)
  }
  results.push({ name, ok, seconds: (performance.now() - start) / 1_000 })
}

/** @param {World} world @param {App} app */
const checkApp = async (world, app) => {
  if (app.scripts['dev'])
    await check(`${app.name}: dev`, async () => driveSite(world, await serveByScript(app, 'dev')))
  await check(`${app.name}: build`, async () => {
    build(app)
    const site = await (app.scripts['start'] ? serveByScript(app, 'start') : serveFiles(app))
    await driveSite(world, site, async () => {
      await updatePackage(app)
      build(app)
      await site.restart()
    })
  })
}

/** @param {App} app The one that has the relay installed. @returns {Promise<World['startRelay']>} */
const loadRelay = async ({ folder }) => {
  const { resolve } = createRequire(join(folder, 'package.json'))
  const { startRelay } = await import(pathToFileURL(resolve('tabmux/testing')).href)
  return startRelay
}

const report = async () => {
  console.log()
  for (const { name, ok, seconds } of results)
    console.log(`${name.padEnd(22)}${ok ? 'ok    ' : 'FAILED'}${seconds.toFixed(1).padStart(8)} s`)
  const failed = results.filter(({ ok }) => !ok).length
  const counts = { numPassedTests: results.length - failed, numFailedTests: failed, numPendingTests: 0 }
  await mkdir(join(root, 'test-results'), { recursive: true })
  await writeFile(join(root, 'test-results/package.json'), JSON.stringify(counts))
  if (failed > 0) process.exitCode = 1
}

const main = async () => {
  const all = await appNames()
  const names = process.argv.length > 2 ? process.argv.slice(2) : all
  for (const name of names)
    if (!all.includes(name)) throw new Error(`expected some of ${all.join(', ')}; got ${name}`)
  const folder = await mkdtemp(join(tmpdir(), 'tabmux-packed-'))
  const browser = await chromium.launch(launchOptions())
  try {
    const tarball = await pack(folder)
    const relayApp = await installApp(RELAY, folder, tarball)
    await check('types', () => must('tsc', ['-p', '.'], relayApp.folder))
    await check('source maps', async () => {
      const broken = await brokenSourceMaps(join(relayApp.folder, 'node_modules/tabmux'))
      if (broken.length > 0) throw new Error(`These sources are not in the package:\n${broken.join('\n')}`)
    })
    await check('entries in Node.js', () => must('node', ['entries.js'], relayApp.folder))
    const world = { browser, startRelay: await loadRelay(relayApp) }
    for (const name of names) {
      /** @type {App | undefined} */
      let app
      await check(`${name}: install`, async () => (app = await installApp(name, folder, tarball)))
      if (app) await checkApp(world, app)
    }
  } finally {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  }
  await report()
}

await main()
