import { chromium as pw } from 'playwright'
import { chromium } from './e2e/browsers.mjs'
const b = await pw.launch(chromium())
const s = await b.newBrowserCDPSession()
const sleep = (ms) => new Promise(r => setTimeout(r, ms))
const open = async (browserContextId) => {
  const { targetId } = await s.send('Target.createTarget', { url: 'data:text/html,x', ...(browserContextId && { browserContextId }), newWindow: true })
  const { sessionId } = await s.send('Target.attachToTarget', { targetId, flatten: false })
  let calls = 0
  const send = (method, params = {}) => new Promise((resolve) => {
    const id = ++calls
    s.on('Target.receivedMessageFromTarget', (m) => { if (m.sessionId !== sessionId) return; const a = JSON.parse(m.message); if (a.id === id) resolve(a.result?.result?.value ?? a.error ?? a.result) })
    void s.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
  })
  const ev = (expression) => send('Runtime.evaluate', { expression, returnByValue: true })
  await sleep(300)
  await ev(`window.n = 0; window.ev=[]; setInterval(() => n++, 20); for (const t of ['freeze','resume','visibilitychange']) document.addEventListener(t, () => ev.push(t + ' ' + document.visibilityState))`)
  return { send, st: () => ev(`JSON.stringify([n, document.visibilityState, document.hasFocus(), ev.join()])`), targetId }
}
const own = await s.send('Target.createBrowserContext', {})
for (const id of [own.browserContextId, undefined]) {
  try {
const p1 = await open(id), p2 = await open(id)
await sleep(300)
console.log(id, await p1.st(), await p2.st())
await p1.send('Page.setWebLifecycleState', { state: 'frozen' })
const a = await p1.st(); await sleep(500); console.log('frozen', a, await p1.st())
await p1.send('Page.setWebLifecycleState', { state: 'active' }); await sleep(300)
console.log('active', await p1.st())
await s.send('Target.activateTarget', { targetId: p1.targetId }); await sleep(300)
console.log('activated 1', await p1.st(), await p2.st())
  } catch (e) { console.log(String(e).slice(0, 200)) }
}
await b.close()
