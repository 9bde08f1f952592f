/** How old something is, in the fewest words: `3 min ago`. Pure. */

const MINUTE = 60_000

/** @param ms How long ago it was, in milliseconds. A clock that runs ahead makes that negative: then it is new. */
export const ageText = (ms: number): string => {
  const minutes = Math.floor(ms / MINUTE)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`
}
