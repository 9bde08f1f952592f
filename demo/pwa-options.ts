/** How the demo is built to be installed, and to open without a network. */
import type { VitePWAOptions } from 'vite-plugin-pwa'

/** The icons that `npm run icons` makes; both kinds in both sizes that systems ask for. */
const icons = (['any', 'maskable'] as const).flatMap((purpose) =>
  [192, 512].map((size) => ({
    src: `/icons/${purpose === 'any' ? 'icon' : purpose}-${size}.png`,
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  })),
)

export const pwaOptions: Partial<VitePWAOptions> = {
  // A new version waits until somebody agrees: what is being written is not to be reloaded away.
  registerType: 'prompt',
  // The page registers the service worker itself, since its policy allows no inline script.
  injectRegister: null,
  manifest: {
    id: '/',
    name: 'tabmux demo',
    short_name: 'tabmux',
    description: 'One WebSocket for every tab: a live dashboard of a team of agents.',
    lang: 'en',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#f3f2ec',
    theme_color: '#0b5f5b',
    icons: [...icons, { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
  },
  workbox: {
    // The relay's worker is among the scripts: without it a page has a shell and no journal.
    globPatterns: ['**/*.{html,js,css,svg,png}'],
    // The tab that was there first is kept up to date like the others.
    clientsClaim: true,
    cleanupOutdatedCaches: true,
    // The server's answers are no pages: to open them is to ask the server.
    navigateFallbackDenylist: [/^\/(?:config\.json|token)$/],
  },
}
