/**
 * Chromium's DevTools protocol, spoken without Playwright's help: that has no SharedWorkers, and it listens to every
 * frame of a page's WebSocket, which costs the contestants with a socket a tab a third of their time.
 */

/** @typedef {import('playwright').Browser} Browser */
/** @typedef {import('playwright').CDPSession} CDPSession */

/** What a target answers to a command, by its id. @typedef {{ resolve: (value: any) => void, reject: (error: Error) => void }} Waiting */

/** A page or a worker that is attached to. */
export class Target {
  #session
  #sessionId
  #id = 0
  /** @type {Map<number, Waiting>} */
  #answers = new Map()
  /** @type {Map<string, () => void>} */
  #events = new Map()

  /** @param {CDPSession} session @param {string} sessionId */
  constructor(session, sessionId) {
    this.#session = session
    this.#sessionId = sessionId
    session.on('Target.receivedMessageFromTarget', this.#hear)
  }

  /** @param {CDPSession} session @param {string} targetId */
  static async attach(session, targetId) {
    // Not flat: Playwright would take the messages of a flat session for its own.
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false })
    return new Target(session, sessionId)
  }

  /**
   * Sends a command and gives its answer, which differs with each command.
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  send(method, params = {}) {
    return new Promise((resolve, reject) => {
      this.#id += 1
      this.#answers.set(this.#id, { resolve, reject })
      const message = JSON.stringify({ id: this.#id, method, params })
      this.#session.send('Target.sendMessageToTarget', { sessionId: this.#sessionId, message }).catch(reject)
    })
  }

  /** Resolves at the next event of this name. @param {string} method @returns {Promise<void>} */
  next(method) {
    return new Promise((resolve) => this.#events.set(method, resolve))
  }

  /** A worker that is still attached to when it is killed blocks the next one. */
  async detach() {
    this.#session.off('Target.receivedMessageFromTarget', this.#hear)
    await this.#session.send('Target.detachFromTarget', { sessionId: this.#sessionId })
  }

  #hear = (/** @type {{ sessionId: string, message: string }} */ { sessionId, message }) => {
    if (sessionId !== this.#sessionId) return
    const { id, method, result, error } = JSON.parse(message)
    if (id === undefined) {
      this.#events.get(method)?.()
      return
    }
    const waiting = this.#answers.get(id)
    this.#answers.delete(id)
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve(result)
  }
}

/** The bytes that are in use once the garbage is gone: of scripts, of the page's own objects, of buffers. @param {Target} target */
export const heapOf = async (target) => {
  await target.send('HeapProfiler.enable')
  await target.send('HeapProfiler.collectGarbage')
  const {
    usedSize,
    embedderHeapUsedSize = 0,
    backingStorageSize = 0,
  } = await target.send('Runtime.getHeapUsage')
  return usedSize + embedderHeapUsedSize + backingStorageSize
}

/** From now on the CPU time of a page's main thread is counted. @param {Target} target */
export const watchMainThread = (target) => target.send('Performance.enable', { timeDomain: 'threadTicks' })

/** The CPU time of a page's main thread, in milliseconds. @param {Target} target */
export const mainThreadMs = async (target) => {
  const { metrics } = await target.send('Performance.getMetrics')
  return metrics.find((/** @type {{ name: string }} */ { name }) => name === 'TaskDuration').value * 1_000
}

/** The CPU time that all processes of the browser have used, in milliseconds. @param {Browser} browser */
export const browserCpuMs = async (browser) => {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0) * 1_000
}

/** How long the browser is looked at, and what it may use of a core in that time to be called calm. */
const LOOK_MS = 200
const CALM_CORES = 0.1

/**
 * Waits until the browser has nothing to do: it loads a user interface of its own for each window, which goes on for
 * seconds and would be measured as the contestant's time.
 * @param {Browser} browser
 */
export const calm = async (browser) => {
  let used = Number.POSITIVE_INFINITY
  for (let before = await browserCpuMs(browser); used > LOOK_MS * CALM_CORES; before += used) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    used = (await browserCpuMs(browser)) - before
  }
}
