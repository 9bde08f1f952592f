/** Serves a folder of built files on a free port. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { text } from 'node:stream/consumers'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** A running server. */
export interface StaticServer extends AsyncDisposable {
  readonly url: string
}

/** What a test may want otherwise. */
interface ServerOptions {
  /** More headers of every file. */
  readonly headers?: Readonly<Record<string, string>>
  /** Code that goes before what a script has, by the script's path. */
  readonly prepend?: (pathname: string) => string
  /** Gets what is posted, wherever to. */
  readonly posted?: (body: string) => void
}

/** Starts it. Pages may be kept in the back/forward cache: nothing here forbids it. */
export const serveFolder = async (
  folder: string,
  { headers = {}, prepend = () => '', posted }: ServerOptions = {},
): Promise<StaticServer> => {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST' && posted) {
      void text(request).then(posted)
      return response.writeHead(204).end()
    }
    const file = join(folder, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname))
    return readFile(file).then(
      (body) =>
        response
          .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', ...headers })
          .end(Buffer.concat([Buffer.from(prepend(pathname)), body])),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
