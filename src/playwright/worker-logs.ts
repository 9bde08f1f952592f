/** What SharedWorkers say on their console, which Playwright does not show. In Chromium. */
import type { Targets, TargetInfo } from './targets.js'

/** One line of a worker's console, or an error that nobody has caught there. */
export interface WorkerLog {
  /** `log`, `warning`, `error`, `info`, `debug`, …; `error` for one that nobody has caught. */
  readonly type: string
  /** What was said, its parts joined by spaces; of an error the stack too. */
  readonly text: string
  /** The script of the worker. */
  readonly url: string
}

/** A value of the protocol, as far as it is shown. */
interface RemoteObject {
  readonly value?: unknown
  readonly unserializableValue?: string
  readonly description?: string
}

const textOf = ({ value, unserializableValue, description }: RemoteObject): string => {
  if (description !== undefined) return description
  return typeof value === 'string' ? value : (unserializableValue ?? JSON.stringify(value) ?? 'undefined')
}

/** Listens to every worker that there is, and that begins from now on, for as long as the targets are open. */
export const listenToWorkers = async (targets: Targets): Promise<readonly WorkerLog[]> => {
  const logs: WorkerLog[] = []
  const listen = async ({ targetId, url }: TargetInfo): Promise<void> => {
    const session = await targets.attach(targetId)
    session.on((method, params) => {
      if (method === 'Runtime.consoleAPICalled') {
        const { type, args } = params as { type: string; args: readonly RemoteObject[] } // as the protocol says
        logs.push({ type, text: args.map(textOf).join(' '), url })
      }
      if (method === 'Runtime.exceptionThrown') {
        const { exceptionDetails } = params as {
          exceptionDetails: { text: string; exception?: RemoteObject }
        } // as above
        const { text, exception } = exceptionDetails
        logs.push({ type: 'error', text: exception ? `${text} ${textOf(exception)}` : text, url })
      }
    })
    // It repeats what was said before.
    await session.send('Runtime.enable')
  }
  await targets.discover('shared_worker', (target) => {
    // One that has ended before it could be listened to has nothing more to say.
    listen(target).catch(() => undefined)
  })
  return logs
}
