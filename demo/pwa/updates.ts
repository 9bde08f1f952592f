/**
 * The service worker that keeps the app's files: offers a new version when one has been deployed, and goes over to it
 * in all tabs at once. The relay's worker is none of its business: the new build's takes the agent over by itself.
 */
/// <reference types="vite-plugin-pwa/vanillajs" />
import { registerSW } from 'virtual:pwa-register'
import { byId, setText } from '../dom.js'
import { createStrip } from './strip.js'

/** How often a page that stays open looks for a new version, in milliseconds. */
const CHECK_EVERY_MS = 3_600_000

const READY = 'A new version is ready.'

/** Resolves when a service worker has got all files of its version, or has failed to. */
const installed = (worker: ServiceWorker): Promise<void> =>
  new Promise((resolve) => {
    const look = () => worker.state !== 'installing' && resolve()
    worker.addEventListener('statechange', look)
    look()
  })

/** Reloads once, when another service worker takes this page over. Returns what does so now. */
const reloadWhenTaken = (isOffered: () => boolean) => {
  const { serviceWorker } = navigator
  // A page that was there before any service worker is taken over by the first one: it shows that version already.
  let hasVersion = serviceWorker.controller !== null
  let isLeaving = false
  const reload = () => {
    if (isLeaving) return
    isLeaving = true
    location.reload()
  }
  serviceWorker.addEventListener('controllerchange', () => {
    if (hasVersion || isOffered()) reload()
    hasVersion = true
  })
  return reload
}

/** What the page can ask for. */
export interface Updates {
  /** Resolves when all files are in the cache for the first time; for ever pending where they were before. */
  readonly kept: Promise<void>
  /** Looks for a new version now. */
  readonly check: () => void
  /** Loads the newest version there is. A plain reload gives the one that is kept. */
  readonly renew: () => void
}

/**
 * Begins at once, whatever becomes of the rest of the page: a version that cannot start must not be the last one.
 */
export const createUpdates = (): Updates => {
  let nowKept = () => undefined as void
  const kept = new Promise<void>((resolve) => (nowKept = resolve))
  // Where service workers are switched off the page works as ever, but not offline.
  if (!('serviceWorker' in navigator)) return { kept, check: () => undefined, renew: () => location.reload() }
  let registration: ServiceWorkerRegistration | undefined
  let isOffered = false
  const reload = reloadWhenTaken(() => isOffered)

  const { strip, text } = createStrip({
    name: 'update',
    icon: 'update',
    actions: [
      { label: 'Later', act: () => (strip.hidden = true) },
      { label: 'Reload', act: () => void accept(), primary: true },
    ],
  })
  setText(text, READY)

  const accept = registerSW({
    immediate: true,
    onNeedRefresh: () => {
      isOffered = true
      strip.hidden = false
      setText(byId('announcer', HTMLElement), READY)
    },
    // It would leave out the tab that installed the first version.
    onNeedReload: reload,
    onOfflineReady: () => nowKept(),
    onRegisteredSW: (_, registered) => (registration = registered),
    onRegisterError: (error: unknown) => console.warn('Not kept for offline use:', error),
  })

  const check = async () => {
    // Offline it cannot look, and that is no matter.
    await registration?.update().catch(() => undefined)
  }
  const renew = async () => {
    await check()
    if (registration?.installing) await installed(registration.installing)
    if (registration?.waiting) await accept()
    else reload()
  }
  setInterval(check, CHECK_EVERY_MS)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void check()
  })
  return { kept, check: () => void check(), renew: () => void renew() }
}
