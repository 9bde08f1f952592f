/** Asks the hub again and again, one question at a time, and only while somebody looks. */

/** How long after an answer the next question is put, in milliseconds. */
const POLL_MS = 500

/** What is asked, and who is told. */
export interface Poll<Answer> {
  readonly ask: () => Promise<Answer>
  /** Does anybody see the answer? If not, nothing is asked. */
  readonly isSeen: () => boolean
  readonly answered: (answer: Answer) => void
  readonly failed: (error: unknown) => void
}

/** Asks at once and then over and over. Returns what ends it; an answer that comes after that is told to nobody. */
export const poll = <Answer>({ ask, isSeen, answered, failed }: Poll<Answer>): (() => void) => {
  let isEnded = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = async (): Promise<void> => {
    try {
      const answer = await ask()
      if (!isEnded) answered(answer)
    } catch (error) {
      if (!isEnded) failed(error)
    }
  }
  const turn = async (): Promise<void> => {
    if (isSeen()) await tell()
    if (!isEnded) timer = setTimeout(() => void turn(), POLL_MS)
  }
  void turn()
  return () => {
    isEnded = true
    clearTimeout(timer)
  }
}
