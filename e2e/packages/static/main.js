import { connect, VERSION } from './tabmux.js'
import { baseUrl, token } from './agent.js'
import { show } from './show.js'

const relay = connect({
  baseUrl,
  token,
  worker: () =>
    new SharedWorker(new URL(`./tabmux.worker.js?v=${VERSION}`, import.meta.url), {
      type: 'module',
      name: 'tabmux',
      extendedLifetime: true,
    }),
})
show(relay)
