/**
 * The page of every tab. What its handlers are told goes to the test program by requests that are waited for: of every
 * few events, and of the rest of a batch before the tab's position is stored. So whatever a stored position covers has
 * been written down, and what a crash takes from the record comes again. No other place is certain: `sessionStorage`
 * does not outlive the browser, and what is written to `localStorage` is on disk only seconds later.
 */
import { connect, TabmuxError, type ConnectOptions } from 'tabmux'
import type { Happening, Report, Setup } from '../told.js'

const asked = new URLSearchParams(location.search)
const param = (name: string): string => asked.get(name) ?? ''
const page = crypto.randomUUID()
let count = 0
let batch = 0
let isInBatch = false

/** A batch is handled in one task, so a microtask runs after its last handler. */
const noteBatch = (): void => {
  if (isInBatch) return
  isInBatch = true
  batch += 1
  queueMicrotask(() => (isInBatch = false))
}

/** Reports whose request was ended by the browser because the page goes: the next page of this tab sends them. */
const UNSENT = 'chaos:unsent'

const post = (reports: readonly Report[]): string => {
  const request = new XMLHttpRequest()
  request.open('POST', '/told', false)
  request.send(JSON.stringify(reports))
  if (request.status !== 200) throw new Error(`expected status 200, got ${request.status}`)
  return request.responseText
}

/** What has not been sent yet. */
const waiting: Report[] = []
/** Often enough that a crash in the midst of a batch shows, and not so often that the pages do nothing else. */
const MOST_WAITING = 16

const flush = (): string => {
  if (waiting.length === 0) return ''
  const unsent: Report[] = JSON.parse(sessionStorage.getItem(UNSENT) ?? '[]')
  const reports = [...unsent, ...waiting.splice(0)]
  try {
    const answer = post(reports)
    if (unsent.length > 0) sessionStorage.removeItem(UNSENT)
    return answer
  } catch {
    sessionStorage.setItem(UNSENT, JSON.stringify(reports))
    return ''
  }
}

const tell = (happening: Happening): void => {
  if (waiting.length === 0) queueMicrotask(flush)
  waiting.push({ ...happening, tab: param('tab'), page, count: count++, batch })
  if (waiting.length >= MOST_WAITING) flush()
}

const { setItem } = Storage.prototype
Storage.prototype.setItem = function recordedFirst(this: Storage, key, value) {
  if (key.startsWith('tabmux:')) flush()
  setItem.call(this, key, value)
}

/** Every event of the stream has its index in its content, as `e<index>`. */
const indexOf = (event: object): number | null => {
  const { message, emoji, agent, name } = event as Record<string, unknown> // of unknown shape: each is looked at
  const inside = [message, agent].flatMap((part) =>
    typeof part === 'object' && part !== null ? Object.values(part) : [],
  )
  const text = [emoji, name, ...inside].find((each) => typeof each === 'string' && /^e\d+$/.test(each))
  return text === undefined ? null : Number(String(text).slice(1))
}

/** Bundlers want to see the whole expression. The second build's worker has another name, and may outlive its tabs. */
const workers = {
  one: () =>
    new SharedWorker(new URL('./relay.worker.ts', import.meta.url), { type: 'module', name: 'chaos-one' }),
  two: () =>
    new SharedWorker(new URL('./relay.worker.ts', import.meta.url), {
      type: 'module',
      name: 'chaos-two',
      extendedLifetime: true,
    }),
}

tell({ kind: 'load' })
const setup: Partial<Setup> = JSON.parse(flush() || '{}')
const options: ConnectOptions = {
  baseUrl: param('relay'),
  token: 'at_live_alice',
  agent: 'alice',
  worker: workers[setup.build ?? 'one'],
  from: JSON.parse(param('from')),
  reconnectBaseDelayMs: 50,
  reconnectMaxDelayMs: 1_000,
  maxReconnectAttempts: Number.POSITIVE_INFINITY,
  connectTimeoutMs: 3_000,
  pingIntervalMs: 1_000,
  pongTimeoutMs: 1_000,
  lingerMs: 1_000,
}
const relay = connect(options)
let hub = ''
let isOwed = false

relay.on.any((event, meta) => {
  if (event instanceof TabmuxError) {
    tell({ kind: 'error', code: event.code, message: event.message })
    return
  }
  if (!meta) return
  noteBatch()
  if (event.type === 'resynced') {
    const { gapDetected, cause } = event as { gapDetected: boolean; cause?: string } // that is what this type says
    tell({ kind: 'resynced', gap: gapDetected, cause: cause ?? null })
    return
  }
  const index = indexOf(event)
  if (index !== null) tell({ kind: 'event', index, offset: meta.offset })
})
relay.on.status(({ instance, persistence: { mode }, position, agentSeq }) => {
  if (instance !== null && hub !== `${instance} ${mode}`) {
    hub = `${instance} ${mode}`
    tell({ kind: 'hub', instance, mode })
  }
  if (isOwed || position === null || agentSeq === null) return
  isOwed = true
  tell({ kind: 'owed' })
})
addEventListener('pageshow', ({ persisted }) => persisted && tell({ kind: 'restored' }))

/** What the test program does by way of a page. */
const chaos = {
  relay,
  /** Deletes the agent's database, as an app that clears its own storage does. */
  async deleteDatabase(): Promise<void> {
    for (const { name } of await indexedDB.databases())
      if (name?.startsWith('tabmux:')) indexedDB.deleteDatabase(name)
  },
  /** Holds a transaction open, so that every other one of the agent's database waits: a disk that hangs. */
  async holdDatabase(ms: number): Promise<void> {
    const until = performance.now() + ms
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('tabmux:')) continue
      const opening = indexedDB.open(name)
      // It is gone by now: an empty one must not take its place.
      opening.addEventListener('upgradeneeded', () => opening.transaction?.abort())
      opening.addEventListener('success', () => {
        const { result: database } = opening
        database.addEventListener('versionchange', () => database.close())
        const store = database.transaction('journal', 'readwrite').objectStore('journal')
        const wait = (): void => {
          if (performance.now() > until) database.close()
          else store.count().addEventListener('success', wait)
        }
        wait()
      })
    }
  },
}
declare global {
  var chaos: unknown
}
globalThis.chaos = chaos
