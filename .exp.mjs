import { chromium as pw, firefox as ff } from 'playwright'
import { chromium, firefox } from './e2e/browsers.mjs'
const b = await pw.launch(chromium())
const c = await b.newContext()
const mk = async () => { const p = await c.newPage(); await p.goto('data:text/html,<title>x</title>'); await p.evaluate(() => { window.n = 0; window.ev=[]; setInterval(() => n++, 20); for (const t of ['freeze','resume','visibilitychange']) document.addEventListener(t, () => ev.push(t + ' ' + document.visibilityState)) }); return p }
const p1 = await mk(), p2 = await mk()
const st = async (p) => p.evaluate(() => [n, document.visibilityState, document.hasFocus(), ev.join()])
const sleep = (ms) => new Promise(r => setTimeout(r, ms))
console.log('both', await st(p1), await st(p2))
for (const emu of [undefined, false]) {
  const s = await c.newCDPSession(p1)
  if (emu === false) { await s.send('Emulation.setFocusEmulationEnabled', { enabled: false }); await p2.bringToFront(); await sleep(300); console.log('no emulation', await st(p1), await st(p2)) }
  await s.send('Page.setWebLifecycleState', { state: 'frozen' })
  const a = await st(p1); await sleep(500); const d = await st(p1)
  console.log('frozen', a, d)
  await s.send('Page.setWebLifecycleState', { state: 'active' })
  await sleep(300)
  console.log('active', await st(p1))
}
await b.close()
const f = await ff.launch(firefox())
const fc = await f.newContext()
const q1 = await fc.newPage(); const q2 = await fc.newPage()
for (const q of [q1,q2]) { await q.goto('data:text/html,x') }
console.log('firefox', await q1.evaluate(() => document.visibilityState), await q2.evaluate(() => document.visibilityState))
await q1.bringToFront(); await sleep(300)
console.log('firefox 1 to front', await q1.evaluate(() => document.visibilityState), await q2.evaluate(() => document.visibilityState))
await f.close()
