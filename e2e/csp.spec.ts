import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, postAll, test as base, texts } from './fixtures.js'
import { serveFolder } from './static-server.js'

/** As strict as it works. A worker obeys the policy of its own response, so every file has it. */
const policyFor = (relayUrl: string, more: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    // Firefox asks for an icon by itself.
    "img-src 'self'",
    `connect-src ${relayUrl.replace('http', 'ws')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    'report-uri /violations',
    ...more,
  ].join('; ')

/** What breaks the policy when it is told to. */
const breakPolicy = `new BroadcastChannel('break').addEventListener('message', () => {
  try { new Function('') } catch {}
});`

/** A violation, as a browser reports it. */
interface Violation {
  readonly 'document-uri': string
  readonly 'effective-directive'?: string
  readonly 'violated-directive': string
  readonly 'blocked-uri': string
}

interface Fixtures {
  /** What the policy has beside the usual. */
  readonly policy: readonly string[]
  /** What was reported, by page and worker. */
  readonly violations: Violation[]
}

const test = base.extend<Fixtures>({
  policy: [[], { option: true }],
  // Playwright wants the first argument to be destructured, also where nothing is needed of it.
  // oxlint-disable-next-line no-empty-pattern
  violations: ({}, use) => use([]),
  siteUrl: async ({ relay, policy, violations }, use) => {
    const folder = fileURLToPath(new URL('app/dist', import.meta.url))
    await using server = await serveFolder(folder, {
      headers: { 'content-security-policy': policyFor(relay.url, policy) },
      prepend: (pathname) => (pathname.includes('relay.worker') ? breakPolicy : ''),
      posted: (body) => violations.push(JSON.parse(body)['csp-report']),
    })
    await use(`${server.url}/one`)
  },
})

/** By whom, and what. */
const told = (violations: readonly Violation[]): string[] =>
  violations.map((violation) => {
    const where = violation['document-uri'].includes('relay.worker') ? 'worker' : 'page'
    const directive = violation['effective-directive'] ?? violation['violated-directive']
    return `${where}: ${directive.split(' ')[0]}, ${violation['blocked-uri']}`
  })

/** Breaks the policy in both, which also shows that reports come. */
const provoke = async (page: Page): Promise<void> => {
  await page.addScriptTag({ content: '0' }).catch(() => undefined)
  await page.evaluate(() => new BroadcastChannel('break').postMessage(null))
}

/** @param provoked what the browser says of what was broken on purpose */
const keepsThePolicy = (provoked: readonly string[]): void =>
  test('page and worker keep it, whatever they do', async ({ relay, openTab, violations }) => {
    const tab = await openTab()
    await tab.ready()
    postAll(relay, texts('a', 1, 3))
    relay.sendRaw('alice', '{"type":"message.created"}')
    await expect(tab).toHaveReceivedExactlyOnce(texts('a', 1, 3))
    await tab.page.reload()
    await tab.ready()
    relay.cut('alice')
    postAll(relay, texts('a', 4, 6))
    await expect(tab).toHaveReceivedExactlyOnce(texts('a', 1, 6))
    expect(await tab.page.evaluate(() => globalThis.app.relay!.history())).toHaveLength(6)
    await tab.page.evaluate(() => globalThis.app.relay!.logout())
    await tab.page.reload()
    await tab.ready()
    await provoke(tab.page)
    // What was reported before these two would be here too.
    await expect.poll(() => told(violations).toSorted()).toEqual(provoked)
  })

test.describe('a policy that allows scripts and workers of the site, and the relay', () => {
  keepsThePolicy(['page: script-src-elem, inline', 'worker: script-src, eval'])
})

test.describe('a policy that demands Trusted Types too', () => {
  test.use({ policy: ["require-trusted-types-for 'script'", 'trusted-types default'] })

  test.describe('with a default policy that lets the address of the worker pass', () => {
    test.beforeEach(({ context }) =>
      context.addInitScript(() => {
        // TypeScript does not know it yet.
        const { trustedTypes } = globalThis as unknown as {
          trustedTypes: { createPolicy(name: string, rules: object): void }
        }
        trustedTypes.createPolicy('default', {
          createScriptURL: (url: string) =>
            new URL(url, location.href).origin === location.origin ? url : null,
        })
      }),
    )
    const sink = 'require-trusted-types-for, trusted-types-sink'
    keepsThePolicy([`page: ${sink}`, `worker: ${sink}`])
  })

  test('without one: the browser makes no worker, and that is told', async ({ openTab }) => {
    const tab = await openTab()
    await expect.poll(async () => JSON.stringify(await tab.received('error'))).toContain('worker_failed')
  })
})
