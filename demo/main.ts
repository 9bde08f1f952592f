/** The dashboard: what comes from the relay goes into the feed, and from there to the views. */
import type { Relay } from 'tabmux'
import { RelayApi, type Config } from './api.js'
import { createConnectionPanel } from './connection-panel.js'
import { openRelay } from './connection.js'
import { byId, setText } from './dom.js'
import { takeHistory, takeLive, type Take } from './intake.js'
import { Feed } from './model/feed.js'
import type { Filter } from './model/filter.js'
import { Tally } from './model/tally.js'
import { watchOffline } from './pwa/offline.js'
import { forgetConfig, loadKnownConfig, type KnownConfig } from './pwa/remembered.js'
import { createUpdates, type Updates } from './pwa/updates.js'
import { createAgents } from './views/agents.js'
import { createComposer } from './views/composer.js'
import { createFaults } from './views/faults.js'
import { createHeading } from './views/heading.js'
import { createPlaces, placeOptions } from './views/places.js'
import { createShell } from './views/shell.js'
import { createStream } from './views/stream.js'

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What a person reads and writes. Returns what takes the entries in. */
const createDesk = (config: Config): Take => {
  const feed = new Feed()
  const api = new RelayApi(config)
  const composer = createComposer(api, config)
  const showView = createShell()
  const options = placeOptions(config.channels)
  let before: Filter = { kind: 'all' }

  const look = (filter: Filter) => {
    if (filter.kind === 'thread') composer.answer(feed.message(filter.id) ?? null, true)
    else before = filter
    if (filter.kind === 'channel') composer.address(`#${filter.name}`)
    showView('stream')
    showHeading(filter)
    places.select(filter)
    stream.show(filter)
  }
  const writeTo = (name: string) => {
    showView('stream')
    composer.address(name)
    composer.focus()
  }
  const showHeading = createHeading(feed, options, () => {
    composer.answer(null)
    look(before)
    byId('feed', HTMLElement).focus()
  })
  const places = createPlaces(options, look)
  const agents = createAgents(config.people, writeTo)
  const stream = createStream(feed, config.agent, {
    reply: (to) => {
      if (to.place.kind === 'dm') return writeTo(to.author)
      composer.answer(to)
      composer.focus()
    },
    react: ({ id }, emoji) => void composer.perform(() => api.react(id, emoji), 'Reaction sent.'),
    openThread: (id) => look({ kind: 'thread', id }),
  })
  look(before)

  return (event, meta, isLive) => {
    agents.event(event, meta)
    const change = feed.add(event, meta)
    if (change.added) places.added(change.added, isLive)
    stream.changed(change)
  }
}

/** What a person sees of the connection, and can do to it. */
const createMonitor = (relay: Relay, { relayUrl }: Config, tally: Tally, updates: Updates) => {
  const panel = createConnectionPanel(relayUrl, () => tally.counts, updates.renew)
  panel.watch(relay)
  relay.on.status(({ state }) => {
    if (state !== 'closed') return
    tally.reset()
    forgetConfig()
    panel.stop('Logged out, in every tab.', 'Sign in again', () => location.reload())
  })
  createFaults({ reconnect: () => relay.reconnect(), logout: () => relay.logout() }, (text, failed) =>
    panel.note(text, failed ? 'bad' : 'plain'),
  )
  return panel
}

const start = async ({ config, isRemembered }: KnownConfig, updates: Updates) => {
  const tally = new Tally(sessionStorage, `tabmux-demo:tally:${config.agent}`)
  const take = createDesk(config)
  const relay = openRelay(config)
  const panel = createMonitor(relay, config, tally, updates)
  void updates.kept.then(() => panel.note('Kept for offline use', 'good'))
  watchOffline(relay, !isRemembered, panel.offline)
  // The relay may have gone away for a deployment.
  relay.on.connected(updates.check)
  takeLive(relay, tally, (event, meta, isLive) => {
    take(event, meta, isLive)
    panel.event()
  })
  relay.subscribe([...config.channels.map(({ name }) => name), '@self'])
  await takeHistory(relay, take).catch((error: unknown) => panel.note(`No history: ${message(error)}`, 'bad'))
}

const updates = createUpdates()
loadKnownConfig()
  .then((known) => start(known, updates))
  .catch((error: unknown) => {
    const banner = byId('banner', HTMLElement)
    banner.hidden = false
    setText(banner, `The dashboard could not start: ${message(error)}`)
  })
