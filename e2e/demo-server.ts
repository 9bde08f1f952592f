/** The demo, running for one test, and what browsers report of it. */
import { test as base } from '@playwright/test'
import { start } from '../demo/server.mjs'

interface Demo {
  readonly url: string
  /** What browsers have reported about its Content Security Policy. */
  readonly reports: string[]
}

export const test = base.extend<{ readonly demo: Demo }>({
  // Playwright wants the first argument to be destructured, also where nothing is needed of it.
  // oxlint-disable-next-line no-empty-pattern
  demo: async ({}, use) => {
    const reports: string[] = []
    const { url, close } = await start({ port: 0, violated: (report) => reports.push(report) })
    await use({ url, reports })
    await close()
  },
})
