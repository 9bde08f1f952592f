/**
 * `<tabmux-inspector>`: `import 'tabmux/inspector'` defines it. Where there are no custom elements, as on a server that
 * renders pages, it defines nothing and does no harm.
 * @module
 */
import { TabmuxInspector } from './element.js'

export { TabmuxInspector }
export type { Inspectable } from './element.js'
export type { InspectedHub, InspectorReport } from './report.js'

declare global {
  interface HTMLElementTagNameMap {
    'tabmux-inspector': TabmuxInspector
  }
}

const NAME = 'tabmux-inspector'

// Two bundles of one page may both have it.
if (typeof customElements !== 'undefined' && !customElements.get(NAME)) {
  customElements.define(NAME, TabmuxInspector)
}
