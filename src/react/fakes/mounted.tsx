/** Mounts components for a test, and unmounts them after it. */
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { onTestFinished } from 'vitest'

/** A tree in the page, in StrictMode. */
export interface Mounted {
  /** Renders something else in its place. */
  readonly render: (node: ReactNode) => void
  readonly unmount: () => void
  readonly text: () => string
}

export const mount = (node: ReactNode): Mounted => {
  const element = document.body.appendChild(document.createElement('div'))
  const errors: unknown[] = []
  const root = createRoot(element, { onCaughtError: (error) => errors.push(error) })
  const render = (next: ReactNode) => root.render(<StrictMode>{next}</StrictMode>)
  const unmount = () => root.unmount()
  onTestFinished(() => {
    unmount()
    element.remove()
  })
  render(node)
  return { render, unmount, text: () => element.textContent }
}
