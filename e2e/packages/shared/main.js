import { connect } from 'tabmux'
import { baseUrl, token } from './agent.js'
import { show } from './show.js'

const relay = connect({
  baseUrl,
  token,
  worker: () =>
    new SharedWorker(new URL('./relay.worker.js', import.meta.url), {
      type: 'module',
      name: 'tabmux',
      extendedLifetime: true,
    }),
})
show(relay)
