/**
 * The style sheet: constructed, since a strict Content Security Policy has no style elements. Colours are those of the
 * page's `color-scheme`, and each can be set from outside by a custom property: `--tabmux-ink` and so on. The names
 * with `_` are the element's own, so that `--tabmux-ink: var(--ink)` in a page is no circle. Widths are the element's.
 */

const css = `
:host {
  --_ink: var(--tabmux-ink, light-dark(#1b2324, #e3e9e6));
  --_muted: var(--tabmux-muted, light-dark(#566062, #9ba9a6));
  --_surface: var(--tabmux-surface, light-dark(#fdfcf9, #161d1e));
  --_line: var(--tabmux-line, light-dark(#dbd8cd, #2b3637));
  --_accent: var(--tabmux-accent, light-dark(#0b5f5b, #6ccabe));
  --_good: var(--tabmux-good, light-dark(#1d7044, #74cf98));
  --_wait: var(--tabmux-wait, light-dark(#8a5600, #e8b655));
  --_bad: var(--tabmux-bad, light-dark(#a5302a, #f28b80));
  display: block;
  container-type: inline-size;
  font: 400 13px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
  color: var(--_ink);
  background: var(--_surface);
  text-align: start;
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before { box-sizing: border-box; margin: 0; padding: 0; }
.inspector { padding: 12px 16px 16px; }

header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; min-height: 36px; }
header > div { display: flex; gap: 8px; margin-inline-start: auto; }
.state { display: flex; align-items: center; gap: 8px; font-size: 14px; font-weight: 600; }
.state i { width: 9px; height: 9px; border-radius: 50%; background: var(--_muted); }
.state[data-state='connected'] i { background: var(--_good); }
.state:is([data-state='connecting'], [data-state='reconnecting'], [data-state='resyncing']) i {
  border-radius: 2px;
  background: var(--_wait);
}
.state:is([data-state='disconnected'], [data-state='closed']) i { border-radius: 2px; background: var(--_bad); }
.note { color: var(--_muted); }
.note:empty { display: none; }
button {
  min-height: 32px;
  padding: 4px 12px;
  border: 1px solid var(--_line);
  border-radius: 8px;
  background: none;
  color: inherit;
  font: inherit;
  font-weight: 550;
  cursor: pointer;
  touch-action: manipulation;
}
button:hover { border-color: var(--_muted); }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }

.parts { display: grid; gap: 16px 28px; margin-top: 10px; }
.parts > div { display: grid; align-content: start; gap: 16px; min-width: 0; }
.stale { opacity: 0.6; }
section { min-width: 0; }
h3 {
  display: flex;
  justify-content: space-between;
  padding-bottom: 3px;
  border-bottom: 1px solid var(--_line);
  font-size: 13px;
  font-weight: 650;
}
.aside, dt, small, time, .none, thead th { color: var(--_muted); font-weight: 400; }

.chart p { display: flex; align-items: baseline; gap: 4px; padding-block: 4px; }
.chart strong { font-size: 20px; font-weight: 650; line-height: 1.3; }
.chart span { margin-inline-start: auto; color: var(--_muted); }
.chart svg { display: block; width: 100%; height: 48px; border-bottom: 1px solid var(--_line); }
rect { fill: var(--_accent); }
rect:last-child { opacity: 0.45; }

dl > div { display: flex; justify-content: space-between; gap: 12px; padding-block: 2px; }
dt { flex: none; }
dd { min-width: 0; text-align: end; overflow-wrap: anywhere; }

table { width: 100%; border-collapse: collapse; text-align: start; }
th, td { padding: 3px 10px 3px 0; text-align: start; vertical-align: top; font-weight: 400; }
th:nth-child(2), th:nth-child(3), td:nth-of-type(-n + 2) { text-align: end; }
td:last-child, thead th:last-child { padding-inline: 6px 0; }
tbody th { font-weight: 600; }
small { display: block; font-size: 12px; }
tr[data-mark='bad'] td:last-child { color: var(--_bad); font-weight: 600; }
tr[data-mark='wait'] td:last-child { color: var(--_wait); }

.lines { max-height: 148px; overflow: auto; scrollbar-width: thin; list-style: none; }
.lines li { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: baseline; gap: 2px 22px; padding-block: 2px; }
.lines [data-mark] span { position: relative; overflow-wrap: anywhere; }
.lines [data-mark] span::before {
  content: '';
  position: absolute;
  inset: 6px auto auto -15px;
  width: 8px;
  height: 8px;
  border-radius: 50%;
  background: var(--_good);
}
.lines [data-mark='wait'] span::before { border-radius: 2px; background: var(--_wait); }
.lines [data-mark='bad'] span::before { border-radius: 2px; background: var(--_bad); }
.lines .none { display: block; }

@container (min-width: 660px) {
  .parts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@container (min-width: 1000px) {
  .parts { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@container (max-width: 480px) {
  button { min-height: 40px; }
  header > div { width: 100%; margin-inline-start: 0; }
  header button { flex: 1; }
}
@media (forced-colors: active) {
  rect { fill: CanvasText; }
  .state i, .lines span::before { forced-color-adjust: none; }
}
`

let sheet: CSSStyleSheet | undefined

/** One for all inspectors of the page. Made when the first one is: a server has no style sheets. */
export const styleSheet = (): CSSStyleSheet => {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
  }
  return sheet
}
