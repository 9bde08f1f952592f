/**
 * The server of the pages: gives them the app, writes down what they tell, and passes commands on to the workers.
 * What it has written down is what a handler was told, in the order of the handlers of each tab.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Command, DiskFault, Report, Setup } from './told.js'

/** A report, and when it came. */
export type Told = Report & {
  /** Milliseconds of the test program's clock. */
  readonly at: number
  /** How many events had been numbered by then. */
  readonly total: number
}

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript' }

/** See the head of this file. */
export class Recorder {
  /** What each tab was told, over all its pages. */
  readonly tabs = new Map<string, Told[]>()
  /** The highest index that any tab has got; -1 before the first. */
  highest = -1
  /** What pages that load from now on are. */
  build: Setup['build'] = 'one'
  readonly #files: ReadonlyMap<string, string>
  readonly #total: () => number
  readonly #seen = new Set<string>()
  readonly #workers = new Set<ServerResponse>()
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #disk: DiskFault = 'none'

  /**
   * @param files the app, by path
   * @param total says how many events have been numbered
   */
  constructor(files: ReadonlyMap<string, string>, total: () => number) {
    this.#files = files
    this.#total = total
  }

  /** Starts it, and gives its address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const { port } = this.#server.address() as AddressInfo // it listens on TCP
    return `http://127.0.0.1:${port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** What a tab was told so far. */
  of(tab: string): Told[] {
    let told = this.tabs.get(tab)
    if (!told) this.tabs.set(tab, (told = []))
    return told
  }

  /** Tells the running workers to do something; gives how many there are. */
  command(command: Command): number {
    for (const worker of this.#workers) worker.write(`data: ${JSON.stringify(command)}\n\n`)
    return this.#workers.size
  }

  /** Breaks or mends IndexedDB in workers that run and in those to come. */
  setDisk(fault: DiskFault): void {
    this.#disk = fault
    this.command({ do: 'disk', fault })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/told') {
      try {
        this.#write(JSON.parse(await text(request)))
      } catch {
        return void response.destroy() // its page has died over it
      }
      const setup: Setup = { build: this.build }
      return void response.end(JSON.stringify(setup))
    }
    if (pathname === '/disk') return void response.end(this.#disk)
    if (pathname === '/elsewhere')
      return void response.setHeader('content-type', 'text/html').end('<p>elsewhere')
    if (pathname === '/commands') return this.#greet(response)
    const path = pathname === '/' ? 'index.html' : pathname.slice(1)
    const body = this.#files.get(path)
    response.setHeader('content-type', types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
    if (body === undefined) response.writeHead(404).end()
    else response.end(body)
  }

  #greet(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    this.#workers.add(response)
    response.on('close', () => this.#workers.delete(response))
  }

  #write(reports: readonly Report[]): void {
    for (const report of reports) {
      // A request that the browser ended may have arrived all the same, and its report comes again.
      const key = `${report.page} ${report.count}`
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      this.of(report.tab).push({ ...report, at: performance.now(), total: this.#total() })
      if (report.kind === 'event') this.highest = Math.max(this.highest, report.index)
    }
  }
}
