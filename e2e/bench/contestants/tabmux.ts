/** This package, with the worker that the README recommends. */
import { connectWith } from './tabmux-tab.js'

export const start = connectWith(
  () =>
    new SharedWorker(new URL('./tabmux.worker.ts', import.meta.url), {
      type: 'module',
      name: 'tabmux',
      extendedLifetime: true,
    }),
)
