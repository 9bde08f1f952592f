/**
 * `npm run icons`: makes the PNGs of the demo's icons from their SVGs. They are committed, since a build has no browser
 * to make them with.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright'
import { chromium as options } from '../../e2e/browsers.mjs'

const whole = new URL('../public/icon.svg', import.meta.url)
const maskable = new URL('maskable.svg', import.meta.url)
const target = new URL('../public/icons/', import.meta.url)

/** Where no system cuts it, an icon has its own shape; that of iOS is cut, and must not be transparent. */
const icons = [
  { name: 'icon-192.png', source: whole, size: 192 },
  { name: 'icon-512.png', source: whole, size: 512 },
  { name: 'maskable-192.png', source: maskable, size: 192 },
  { name: 'maskable-512.png', source: maskable, size: 512 },
  { name: 'apple-touch.png', source: maskable, size: 180 },
]

await mkdir(target, { recursive: true })
const browser = await chromium.launch(options())
try {
  for (const { name, source, size } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    const svg = await readFile(source, 'utf8')
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${svg}`)
    await writeFile(new URL(name, target), await page.screenshot({ omitBackground: true }))
    await page.close()
  }
} finally {
  await browser.close()
}
