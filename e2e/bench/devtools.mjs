/** What Chromium tells of a page or a worker. Other browsers have no such thing here. */

/** @typedef {import('playwright').Browser} Browser */
/** @typedef {import('playwright').CDPSession} CDPSession */
/**
 * Sends one command and gives its answer, which differs with each command.
 * @typedef {(method: string, params?: object) => Promise<any>} Send
 */

/** A page's own. @param {import('playwright').Page} page @returns {Promise<Send>} */
export const ofPage = async (page) => {
  const session = await page.context().newCDPSession(page)
  // The names of the commands are a union in Playwright's types, which a string does not fit.
  return (method, params) => session.send(/** @type {any} */ (method), params)
}

/** Playwright knows no SharedWorker, so its messages are wrapped by hand. @param {CDPSession} session @param {string} sessionId @returns {Send} */
const wrapped = (session, sessionId) => {
  let id = 0
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      const mine = ++id
      const hear = (/** @type {{ sessionId: string, message: string }} */ { sessionId: from, message }) => {
        const answer = JSON.parse(message)
        if (from !== sessionId || answer.id !== mine) return
        session.off('Target.receivedMessageFromTarget', hear)
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`))
        else resolve(answer.result)
      }
      session.on('Target.receivedMessageFromTarget', hear)
      const message = JSON.stringify({ id: mine, method, params })
      session.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject)
    })
}

/**
 * Does something with the SharedWorker that runs; null if there is none.
 * @template T
 * @param {Browser} browser
 * @param {(send: Send) => Promise<T>} use
 * @returns {Promise<T | null>}
 */
export const withWorker = async (browser, use) => {
  const session = await browser.newBrowserCDPSession()
  try {
    const { targetInfos } = await session.send('Target.getTargets')
    const worker = targetInfos.find(({ type }) => type === 'shared_worker')
    if (!worker) return null
    const { sessionId } = await session.send('Target.attachToTarget', {
      targetId: worker.targetId,
      flatten: false,
    })
    const result = await use(wrapped(session, sessionId))
    // A worker that is still attached to when it is killed blocks the next one.
    await session.send('Target.detachFromTarget', { sessionId })
    return result
  } finally {
    await session.detach()
  }
}

/** The bytes that are in use once the garbage is gone: of scripts, of the page's own objects, of buffers. @param {Send} send */
export const heapOf = async (send) => {
  await send('HeapProfiler.enable')
  await send('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await send('Runtime.getHeapUsage')
  return usedSize + embedderHeapUsedSize + backingStorageSize
}

/** The CPU time that a page's main thread has used, in milliseconds. @param {Send} send */
export const mainThreadMs = async (send) => {
  const { metrics } = await send('Performance.getMetrics')
  return metrics.find((/** @type {{ name: string }} */ { name }) => name === 'TaskDuration').value * 1_000
}
