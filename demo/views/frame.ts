/** Calls `draw` at most once a frame, and also in a tab that gets no frames because nobody sees it. */
export const onceAFrame = (draw: () => void): (() => void) => {
  let due = false
  const run = () => {
    if (!due) return
    due = false
    draw()
  }
  return () => {
    if (due) return
    due = true
    requestAnimationFrame(run)
    setTimeout(run, 250)
  }
}
