/** What a test does to the SharedWorker that holds the hub, in Chromium. */
import { addressOf } from '../directory.js'
import { WaitError } from './errors.js'
import type { Tab } from './tab.js'
import type { TargetInfo, Targets } from './targets.js'
import { until } from './until.js'

/** How long a worker may take to start, in milliseconds. */
const START_MS = 10_000

/** The workers that tabmux runs for a tab: their locks tell their addresses, also of one that hangs. */
const workersOf = async (targets: Targets, tab: Tab): Promise<readonly TargetInfo[]> => {
  const session = await tab.page.context().newCDPSession(tab.page)
  const { targetInfo } = await session.send('Target.getTargetInfo')
  await session.detach()
  const { browserContextId } = targetInfo
  const found = await until(START_MS, async () => {
    const urls = new Set((await tab.locks()).flatMap((name) => addressOf(name)?.url ?? []))
    const workers = (await targets.list()).filter(
      (target) =>
        target.type === 'shared_worker' &&
        target.browserContextId === browserContextId &&
        urls.has(target.url),
    )
    return { done: workers.length > 0, value: workers }
  })
  if (found?.done) return found.value
  throw new WaitError(`${tab.name}: expected a SharedWorker of tabmux within ${START_MS} ms, found none`)
}

/** Kills the worker as an out-of-memory would: no event, no error, its socket dies with it. */
export const killWorker = async (targets: Targets, tab: Tab): Promise<void> => {
  for (const { targetId } of await workersOf(targets, tab)) await targets.kill(targetId)
}

/** Makes the worker hang between two tasks, as in an endless loop. What is returned lets it go on. */
export const hangWorker = async (targets: Targets, tab: Tab): Promise<() => Promise<void>> => {
  const sessions = await Promise.all(
    (await workersOf(targets, tab)).map(({ targetId }) => targets.attach(targetId)),
  )
  for (const session of sessions) {
    await session.send('Debugger.enable')
    const paused = session.next('Debugger.paused')
    await session.send('Debugger.pause')
    // It pauses at the next statement, whichever that is; this one is not answered before it goes on.
    session.send('Runtime.evaluate', { expression: '0' }).catch(() => undefined)
    await paused
  }
  return async () => {
    for (const session of sessions.splice(0)) {
      // To go away lets it go on, and does not wait for an answer, which a worker that has ended does not give.
      await targets.detach(session)
    }
  }
}
