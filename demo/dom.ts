/** Makes elements. Text goes in as text, so nothing that an agent writes becomes markup. */

type Attributes = Readonly<Record<string, string | number | boolean>>
type Child = Node | string | null

/** An element with its attributes and children; `false` leaves an attribute out, `true` gives it no value. */
export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** An icon of the sprite in `index.html`. It is decoration: the control has its own name. */
export const icon = (name: string): SVGSVGElement => {
  const svg = document.createElementNS(SVG, 'svg')
  const use = document.createElementNS(SVG, 'use')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  use.setAttribute('href', `#i-${name}`)
  svg.append(use)
  return svg
}

/** The element of `index.html` with this id and of this class. */
export const byId = <E extends Element>(id: string, type: abstract new (...args: never[]) => E): E => {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new Error(`#${id} is not a ${type.name}`)
  return element
}

/** Sets text only if it differs, so that nothing is laid out again for it. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const clockWithSeconds = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

/** 14:05 */
export const timeOfDay = (at: number): string => clock.format(at)

/** 14:05:09 */
export const timeWithSeconds = (at: number): string => clockWithSeconds.format(at)

/** 12,345 */
export const count = (value: number): string => value.toLocaleString('en')
