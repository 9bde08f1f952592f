/** All that shows the connection: the picture, the counters, what happened, and the inspector. */
import type { Relay, RelayStatus, Resynced } from 'tabmux'
import { TabmuxInspector } from 'tabmux/inspector'
import { byId, count } from './dom.js'
import type { Counts } from './model/tally.js'
import { createCounts } from './views/counts.js'
import { onceAFrame } from './views/frame.js'
import { createState } from './views/state.js'
import { createTimeline } from './views/timeline.js'
import { createWire } from './views/wire.js'

/** Offline, neither the relay nor the server that gives the token answers. */
const UNREACHED: ReadonlySet<string> = new Set(['connect_failed', 'token_failed'])

const resyncNote = ({ replayed, gapDetected, cause, source }: Resynced): string => {
  const what = `Resynced: ${count(replayed)} replayed`
  if (!gapDetected) return what
  return `${what}; ${source === 'relay' ? 'the relay' : 'the journal'} may lack some (${(cause ?? 'unknown').replaceAll('_', ' ')})`
}

/** @param renew Loads the newest version of the page. */
export const createConnectionPanel = (relayUrl: string, counts: () => Counts, renew: () => void) => {
  const wire = createWire(relayUrl)
  const showCounts = createCounts()
  const inspector = byId('inspector', TabmuxInspector)
  const note = createTimeline()
  const state = createState()
  const drawCounts = onceAFrame(() => showCounts(counts()))
  drawCounts()

  const showStatus = (status: RelayStatus) => {
    wire.status(status)
    state.status(status)
  }

  return {
    note,
    /** Shows what stopped the page. */
    stop: state.stop,
    /** Says that the page is offline, or no longer. */
    offline: state.offline,
    /** An event has come. */
    event(): void {
      wire.pulse()
      drawCounts()
    },
    /** Follows the connection. */
    watch(relay: Relay): void {
      inspector.relay = relay
      showStatus(relay.status)
      note('Tab opened', 'plain')
      relay.on.status(showStatus)
      relay.on.connected(() => note('Connected', 'good'))
      relay.on.disconnected(() => note('Connection lost', 'bad'))
      relay.on.reconnecting((attempt) => note(`Reconnecting, attempt ${attempt}`, 'wait'))
      relay.on.permanentlyDisconnected((attempt) => note(`Gave up after ${attempt} attempts`, 'bad'))
      relay.on.resynced((resynced) => {
        note(resyncNote(resynced), resynced.gapDetected ? 'wait' : 'good')
        drawCounts()
      })
      relay.on.error(({ code, message }) => {
        note(UNREACHED.has(code) ? 'Could not connect' : `${code}: ${message}`, 'bad', message)
        if (code === 'logged_out')
          state.stop('Logged out, in every tab.', 'Sign in again', () => location.reload())
        if (code === 'outdated') state.stop('A newer version is there.', 'Reload', renew)
      })
    },
  }
}
