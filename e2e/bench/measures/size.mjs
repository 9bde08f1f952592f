/** The sizes of the entries, minified and compressed with brotli. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../command.mjs'

/** @param {import('../tabs.mjs').Bench} bench */
export const size = ({ results }) => {
  const command = join(root, 'node_modules', 'size-limit', 'bin.js')
  const { stdout } = spawnSync(process.execPath, [command, '--json'], { cwd: root, encoding: 'utf8' })
  for (const entry of JSON.parse(stdout))
    results.add('size', entry.name === 'tabmux' ? 'tabmux' : 'worker', 1, entry.size / 1_000)
}
