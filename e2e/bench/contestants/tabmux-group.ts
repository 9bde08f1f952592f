/** This package, with its handlers in a consumer group. */
import { connectWith } from './tabmux-tab.js'

export const start = connectWith(
  () =>
    new SharedWorker(new URL('./tabmux.worker.ts', import.meta.url), {
      type: 'module',
      name: 'tabmux-group',
    }),
  { group: 'bench' },
)
