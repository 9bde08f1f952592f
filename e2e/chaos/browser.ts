/** What a run does to a browser. What one cannot do is missing, and a fault that needs it is skipped. */

/** A tab of a browser. Calls settle also where the tab is not there any more. */
export interface BrowserTab {
  /** @param hard whether past the cache */
  reload(hard: boolean): Promise<void>
  /** Navigates to another address. */
  leave(address: string): Promise<void>
  /** Goes back from `/elsewhere`; does nothing on any other page. */
  comeBack(): Promise<void>
  /** Runs a script in the page, and does not wait for what comes of it. */
  run(script: string): Promise<void>
  close(): Promise<void>
  /** Stops and continues the page, as browsers do with tabs in the background. */
  freeze?(on: boolean): Promise<void>
}

/** A browser that runs on a profile folder of its own. */
export interface Browser {
  readonly name: 'chromium' | 'firefox'
  readonly version: string
  /** @param crashed is called each time that the tab's process has died */
  open(address: string, crashed: () => void): Promise<BrowserTab>
  /** Kills the process of a tab, and with it every other tab in it. */
  crash(tab: BrowserTab): Promise<void>
  /** Kills the SharedWorkers and nothing else; gives how many. */
  killWorkers?(): Promise<number>
  /** Deletes the IndexedDB of the site, as its user does. */
  clearStorage?(origin: string): Promise<void>
  /** Leaves the site no space at all; or as much as it had. */
  limitQuota?(origin: string, on: boolean): Promise<void>
  /** The pids of the processes that run pages and workers. */
  contentProcesses(): Promise<number[]>
  /** Ends it as a power failure does: no code runs. The profile stays. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** The script of `comeBack`: an expression. */
export const COME_BACK = "location.pathname === '/elsewhere' && history.back()"

/** Waits for a call, but no longer than this: one to a page that has died never settles. */
export const within = async (ms: number, call: Promise<unknown>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  const inTime = call.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([inTime, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Sends a signal to a process that may have ended. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended.
  }
}
