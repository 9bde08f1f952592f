/** The picture of the connection: relay, one wire, the hub, and a line to every tab. */
import type { RelayStatus } from 'tabmux'
import { byId, setText } from '../dom.js'

const SVG = 'http://www.w3.org/2000/svg'
const SHOWN = 6
const HUB = { x: 150, y: 54 }
const TABS_X = 268

const shape = (
  parent: Element,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text = '',
) => {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  if (text !== '') element.textContent = text
  parent.append(element)
  return element
}

const tabsAt = (tabs: number): readonly number[] => {
  const shown = Math.min(tabs, SHOWN)
  const step = Math.min(22, 88 / Math.max(1, shown))
  return Array.from({ length: shown }, (_, n) => HUB.y + (n - (shown - 1) / 2) * step)
}

const summary = ({ state, tabs }: RelayStatus): string =>
  `The relay's socket is ${state}; the SharedWorker holds it for ${tabs} ${tabs === 1 ? 'tab' : 'tabs'}.`

export const createWire = (relayUrl: string) => {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 312 126')
  svg.setAttribute('role', 'img')
  byId('wire', HTMLElement).append(svg)
  const title = shape(svg, 'title', {})
  shape(svg, 'path', { class: 'line', d: `M48 ${HUB.y}H${HUB.x - 16}` })
  const pulse = shape(svg, 'circle', { class: 'pulse', cx: 48, cy: HUB.y, r: 3.5 })
  const fan = shape(svg, 'g', { class: 'fan' })
  shape(svg, 'rect', { class: 'node', x: 16, y: HUB.y - 16, width: 32, height: 32, rx: 7 })
  shape(svg, 'path', { class: 'glyph', d: `M24 ${HUB.y - 5}h16M24 ${HUB.y + 1}h16M24 ${HUB.y + 7}h9` })
  shape(svg, 'circle', { class: 'hub', cx: HUB.x, cy: HUB.y, r: 16 })
  shape(svg, 'circle', { class: 'hub-core', cx: HUB.x, cy: HUB.y, r: 5 })
  shape(svg, 'text', { x: 32, y: 100, 'text-anchor': 'middle' }, 'relay')
  shape(
    svg,
    'text',
    { class: 'minor', x: 32, y: 116, 'text-anchor': 'middle' },
    new URL(relayUrl).host.split(':').at(-1),
  )
  shape(svg, 'text', { x: HUB.x, y: 100, 'text-anchor': 'middle' }, 'SharedWorker')
  const held = shape(svg, 'text', { class: 'minor', x: HUB.x, y: 116, 'text-anchor': 'middle' })
  const tabsLabel = shape(svg, 'text', { x: TABS_X + 12, y: 116, 'text-anchor': 'middle' })

  const drawTabs = (tabs: number) => {
    fan.replaceChildren()
    for (const [n, y] of tabsAt(tabs).entries()) {
      shape(fan, 'path', {
        d: `M${HUB.x + 16} ${HUB.y}C${HUB.x + 60} ${HUB.y} ${HUB.x + 60} ${y} ${TABS_X} ${y}`,
      })
      shape(fan, 'rect', {
        class: n === 0 ? 'tab this' : 'tab',
        x: TABS_X,
        y: y - 6,
        width: 24,
        height: 12,
        rx: 3,
      })
    }
  }

  let drawn = -1
  return {
    status(status: RelayStatus): void {
      svg.dataset['state'] = status.state
      setText(title, summary(status))
      setText(held, status.state === 'connected' ? 'holds the socket' : 'no socket')
      setText(tabsLabel, status.tabs === 1 ? '1 tab' : `${status.tabs} tabs`)
      if (status.tabs === drawn) return
      drawn = status.tabs
      drawTabs(drawn)
    },
    /** Something came over the wire. */
    pulse(): void {
      if (matchMedia('(prefers-reduced-motion: reduce)').matches || pulse.getAnimations().length > 0) return
      const frames = [
        { transform: 'none', opacity: 1 },
        { transform: `translateX(${HUB.x - 64}px)`, opacity: 1 },
      ]
      pulse.animate(frames, { duration: 420, easing: 'ease-in-out' })
    },
  }
}
