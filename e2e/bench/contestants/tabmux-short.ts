/** This package, with a worker that ends with its last tab, as in browsers without `extendedLifetime`. */
import { connectWith } from './tabmux-tab.js'

export const start = connectWith(
  () =>
    new SharedWorker(new URL('./tabmux.worker.ts', import.meta.url), {
      type: 'module',
      name: 'tabmux-short',
    }),
)
