/** Makes elements of the inspector. Text goes in as text: no markup is parsed, which Trusted Types would not allow. */

type Attributes = Readonly<Record<string, string | number>>
type Child = Node | string

const fill = <E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** An HTML element with its attributes and children. */
export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => fill(document.createElement(tag), attributes, children)

/** An SVG element with its attributes and children. */
export const s = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)

/** Sets text only if it differs: nothing is laid out again for it, and nobody who selects it is disturbed. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

/** The same for an attribute. */
export const setAttribute = (element: Element, name: string, value: string | number): void => {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value))
}
