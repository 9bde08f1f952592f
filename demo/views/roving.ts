/**
 * One Tab stop for hundreds of rows: arrow keys, Home and End go from row to row, and Tab goes into the row that has
 * the focus. Only that row's buttons are in the tab order.
 */
export const createRoving = (list: HTMLElement) => {
  let current: HTMLElement | null = null

  const reachable = (row: HTMLElement | null, on: boolean) => {
    if (!row) return
    row.tabIndex = on ? 0 : -1
    for (const button of row.querySelectorAll('button')) button.tabIndex = on ? 0 : -1
  }

  const select = (row: HTMLElement | null) => {
    if (row === current && row?.isConnected) return
    reachable(current, false)
    current = row
    reachable(row, true)
  }

  const targetOf = (key: string, row: Element | null | undefined): Element | null | undefined => {
    if (key === 'ArrowUp') return row?.previousElementSibling
    if (key === 'ArrowDown') return row?.nextElementSibling
    if (key === 'Home') return list.firstElementChild
    return key === 'End' ? list.lastElementChild : null
  }

  list.addEventListener('focusin', ({ target }) => {
    const row = target instanceof Element ? target.closest('.row') : null
    if (row instanceof HTMLElement) select(row)
  })
  list.addEventListener('keydown', (event) => {
    const to = targetOf(event.key, document.activeElement?.closest('.row'))
    if (!(to instanceof HTMLElement)) return
    event.preventDefault()
    to.focus()
  })

  /** Call it after rows have changed: if the current one is gone or none was chosen, the newest is next. */
  return () => {
    if (current?.isConnected && current.contains(document.activeElement)) return reachable(current, true)
    const newest = list.lastElementChild
    select(newest instanceof HTMLElement ? newest : null)
  }
}
