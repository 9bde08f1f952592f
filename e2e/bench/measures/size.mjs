/** The sizes of the entries, minified and compressed with brotli. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../command.mjs'

/** @param {import('../tabs.mjs').Bench} bench */
export const size = ({ results }) => {
  const command = join(root, 'node_modules', 'size-limit', 'bin.js')
  const { stdout } = spawnSync(process.execPath, [command, '--json'], { cwd: root, encoding: 'utf8' })
  for (const [name, contestant] of [
    ['tabmux', 'tabmux'],
    ['tabmux/worker', 'worker'],
  ]) {
    const entry = JSON.parse(stdout).find((/** @type {{ name: string }} */ each) => each.name === name)
    results.add('size', String(contestant), 1, entry.size / 1_000)
  }
}
