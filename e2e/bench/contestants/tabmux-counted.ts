/** This package, with a worker that counts what it writes to disk. */
import { connectWith } from './tabmux-tab.js'

export const start = connectWith(
  () =>
    new SharedWorker(new URL('./tabmux-counted.worker.ts', import.meta.url), {
      type: 'module',
      name: 'tabmux-counted',
    }),
)
