import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { pwaOptions } from './demo/pwa-options.js'
import { chromium } from './e2e/browsers.mjs'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The demo and the tests import the public entries; here they are the sources. */
const alias = {
  'tabmux/worker': source('./worker/index.ts'),
  'tabmux/react': source('./src/react/index.ts'),
  'tabmux/trace': source('./src/trace/index.ts'),
  'tabmux/inspector': source('./src/inspector/index.ts'),
  'tabmux/protocol': source('./src/protocol/index.ts'),
  'tabmux/testing/memory': source('./src/testing/memory/index.ts'),
  'tabmux/testing': source('./src/testing/index.ts'),
  tabmux: source('./src/index.ts'),
}

export default defineConfig({
  root: 'demo',
  resolve: { alias },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
  plugins: [VitePWA(pwaOptions)],
  test: {
    projects: [
      {
        root: source('.'),
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['{src,worker,demo,docs,e2e}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.browser.test.{ts,tsx}', '**/node_modules/**'],
          typecheck: { enabled: true, include: ['src/**/*.test-d.ts'], checker: 'tsc' },
        },
      },
      {
        root: source('.'),
        resolve: { alias },
        test: {
          name: 'browser',
          include: ['{src,worker}/**/*.browser.test.{ts,tsx}'],
          globalSetup: source('./src/fakes/relays.ts'),
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromium() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
