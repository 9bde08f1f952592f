/** Builds the page and the worker from the package as it ships, `dist`, into memory. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** @returns {Promise<ReadonlyMap<string, string>>} The files by path. */
export const buildApp = async () => {
  const built = await build({
    root: fileURLToPath(new URL('app', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { write: false, target: 'es2022' },
  })
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []))
  return new Map(
    outputs.map((file) => [
      file.fileName,
      file.type === 'chunk' ? file.code : Buffer.from(file.source).toString(),
    ]),
  )
}
