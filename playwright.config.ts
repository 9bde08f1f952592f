import { defineConfig } from '@playwright/test'
import { chromium, firefox } from './e2e/browsers.mjs'

/** The specs start the servers that they need themselves. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: ['./e2e/app/build.mjs', './e2e/pwa/build.mjs'],
  projects: [
    { name: 'chromium', use: { browserName: 'chromium', launchOptions: chromium() } },
    { name: 'firefox', use: { browserName: 'firefox', launchOptions: firefox() } },
  ],
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
})
