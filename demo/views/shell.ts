/** What belongs to the page and not to the connection: views on a phone, colours, another tab. */
import { byId, setText } from '../dom.js'

const THEMES = ['system', 'light', 'dark'] as const
const THEME_KEY = 'tabmux-demo:theme'

/** Where there is room, the inspector is a panel that can be opened; elsewhere it is one of the views. */
const setUpInspector = (grid: HTMLElement) => {
  const button = byId('inspector-toggle', HTMLButtonElement)
  button.addEventListener('click', () => {
    const isOpen = grid.classList.toggle('inspecting')
    button.setAttribute('aria-expanded', String(isOpen))
  })
}

const setUpTheme = () => {
  const button = byId('theme', HTMLButtonElement)
  const label = byId('theme-text', HTMLElement)
  const apply = (theme: string) => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    setText(label, `Colours: ${theme}`)
    button.title = `Colours: ${theme}`
  }
  let theme: (typeof THEMES)[number] =
    THEMES.find((known) => known === localStorage.getItem(THEME_KEY)) ?? 'system'
  apply(theme)
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
    localStorage.setItem(THEME_KEY, theme)
    apply(theme)
  })
}

/** Sets up the bar and the views; returns what shows one of them, where only one fits. */
export const createShell = () => {
  const grid = byId('grid', HTMLElement)
  const buttons = [...byId('views', HTMLElement).querySelectorAll('button')]
  const show = (view: string) => {
    grid.dataset['view'] = view
    for (const button of buttons) {
      if (button.dataset['view'] === view) button.setAttribute('aria-current', 'page')
      else button.removeAttribute('aria-current')
    }
  }
  for (const button of buttons)
    button.addEventListener('click', () => show(button.dataset['view'] ?? 'stream'))
  // Without an opener the new tab does not start with a copy of this tab's session storage.
  byId('new-tab', HTMLButtonElement).addEventListener('click', () =>
    window.open(location.href, '_blank', 'noopener'),
  )
  setUpInspector(grid)
  setUpTheme()
  return show
}
