/** The kit's matchers. They look again and again, like Playwright's own for pages. */
import { expect as base, type ExpectMatcherState, type MatcherReturnType } from '@playwright/test'
import type { ReferenceRelay } from '../testing/index.js'
import type { ExpectedEvent } from './pattern.js'
import { reportTabs } from './report.js'
import { reportSockets } from './sockets.js'
import { siblingsOf } from './siblings.js'
import type { Tab } from './tab.js'
import { until } from './until.js'
import { judgeAllOnce, judgeOnce, judgeReceived, type Verdict } from './verdict.js'
import type { Received } from './recorder.js'

/** Options of the matchers. */
export interface MatcherOptions {
  /** How long to wait, in milliseconds. @default the `expect.timeout` of the configuration (Playwright's is 5_000) */
  readonly timeout?: number
}

type Judge = (received: readonly Received[]) => Verdict

interface Seen {
  readonly tab: Tab
  readonly received: readonly Received[]
  readonly verdict: Verdict
}

/** Has the tab handled all that its hub had when it was asked? Only then it is known what has come. */
const hasCaughtUp = async (tab: Tab): Promise<boolean> => {
  const { status, received } = await tab.look()
  if (!status || status.state === 'closed' || status.state === 'starting') return true
  if (status.resyncing) return false
  const newest = received.findLast(({ offset }) => offset !== undefined)?.offset ?? 0
  return Math.max(newest, status.position?.offset ?? 0) >= status.journal.last
}

/** Looks at tabs until they are as expected, or cannot be any more, or the time is up. */
const match = async (
  state: ExpectMatcherState,
  timeout: number,
  tabs: readonly Tab[],
  { judge, settles }: { readonly judge: Judge; readonly settles: boolean },
): Promise<{ pass: boolean; seen: readonly Seen[] }> => {
  // What has not come can come as long as the tab is behind, and what came once can come again.
  const waits = settles || state.isNot
  const found = await until(timeout, async () => {
    const seen: Seen[] = []
    for (const tab of tabs) {
      const { received } = await tab.look()
      seen.push({ tab, received: [...received], verdict: judge(received) })
    }
    if (seen.some(({ verdict }) => verdict.is === 'never')) return { done: true, value: seen }
    const isFulfilled = seen.every(({ verdict }) => verdict.is === 'fulfilled')
    if (!isFulfilled && !state.isNot) return { done: false, value: seen }
    if (!waits) return { done: true, value: seen }
    const settled = await Promise.all(tabs.map(hasCaughtUp))
    return { done: settled.every(Boolean), value: seen }
  })
  // Of a tab that does not answer, as one that is frozen, what was known before counts.
  const seen = found?.value ?? tabs.map((tab) => ({ tab, received: tab.known, verdict: judge(tab.known) }))
  const fulfilled = seen.filter(({ verdict }) => verdict.is === 'fulfilled').length
  // Of several tabs none may be as it is not expected to be.
  return { pass: state.isNot ? fulfilled > 0 : fulfilled === seen.length, seen }
}

const listOf = <T>(one: T | readonly T[]): readonly T[] =>
  Array.isArray(one) ? (one as readonly T[]) : [one as T] // isArray does not tell a read-only array from T

const tellTabs = (
  state: ExpectMatcherState,
  name: string,
  wanted: string,
  expected: ExpectedEvent | readonly ExpectedEvent[],
  asked: { readonly pass: boolean; readonly seen: readonly Seen[] },
): MatcherReturnType => {
  const hint = state.utils.matcherHint(name, asked.seen.map(({ tab }) => tab.name).join(', '), 'expected', {
    isNot: state.isNot,
  })
  const first = asked.seen[0]?.tab
  const others = first ? siblingsOf(first).filter((tab) => !asked.seen.some((each) => each.tab === tab)) : []
  const reports = [
    ...asked.seen.map(({ tab, received, verdict: { problems } }) => ({
      name: tab.name,
      received,
      problems: state.isNot ? ['is as it is expected not to be'] : problems,
      isAsked: true,
    })),
    ...others.map((tab) => ({ name: tab.name, received: tab.known, problems: [], isAsked: false })),
  ]
  const not = state.isNot ? 'not ' : ''
  return {
    pass: asked.pass,
    name,
    message: () => reportTabs(hint, `${not}${wanted}`, listOf(expected), reports),
  }
}

/** Playwright's `expect`, with the matchers of the kit. */
export const expect = base.extend({
  /**
   * The handlers of this tab, or of each of these tabs, were told of this event, or of these in this order. Other
   * events may have come between them, and each more than once.
   *
   * `.not` waits until the tab has handled all that its hub has, and looks then.
   *
   * @example await expect(tab).toHaveReceived('hello')
   * @example await expect(tabs).toHaveReceived({ type: 'message.reacted', emoji: '👍' })
   */
  async toHaveReceived(
    this: ExpectMatcherState,
    tab: Tab | readonly Tab[],
    expected: ExpectedEvent | readonly ExpectedEvent[],
    { timeout = this.timeout }: MatcherOptions = {},
  ) {
    const judge: Judge = (received) => judgeReceived(listOf(expected), received)
    const asked = await match(this, timeout, listOf(tab), { judge, settles: false })
    const wanted = Array.isArray(expected) ? 'each of these, in this order' : 'this'
    return tellTabs(this, 'toHaveReceived', wanted, expected, asked)
  },

  /**
   * The handlers of this tab, or of each of these tabs, were told of this event once. Or, of a list: of these events,
   * each once and in this order, and of nothing else of their kind, which is messages if the list has texts (or is
   * empty), and otherwise events of the types in it.
   *
   * It waits until all have come and the tab has handled all that its hub has by then. What the relay sends later it
   * cannot know.
   *
   * @example await expect(tabs).toHaveReceivedExactlyOnce(['one', 'two', 'three'])
   */
  async toHaveReceivedExactlyOnce(
    this: ExpectMatcherState,
    tab: Tab | readonly Tab[],
    expected: ExpectedEvent | readonly ExpectedEvent[],
    { timeout = this.timeout }: MatcherOptions = {},
  ) {
    const judge: Judge = (received) =>
      isList(expected) ? judgeAllOnce(expected, received) : judgeOnce(expected, received)
    const asked = await match(this, timeout, listOf(tab), { judge, settles: true })
    const wanted = isList(expected)
      ? 'these, each once, in this order, and nothing else of their kind'
      : 'this, once'
    return tellTabs(this, 'toHaveReceivedExactlyOnce', wanted, expected, asked)
  },

  /**
   * The relay has exactly one socket of this agent; or, if none is named, one of each agent that has any, and at least
   * one. Sockets that `goDeaf` has met do not count: the relay cannot know whether their client has given them up.
   *
   * @example await expect(relay).toHaveOneSocket()
   */
  async toHaveOneSocket(
    this: ExpectMatcherState,
    relay: Pick<ReferenceRelay, 'sockets' | 'socketChanges'>,
    agent?: string,
    { timeout = this.timeout }: MatcherOptions = {},
  ): Promise<MatcherReturnType> {
    const found = await until(timeout, async () => {
      const report = reportSockets(relay, agent)
      return { done: report.pass !== this.isNot, value: report }
    })
    const { pass, text } = found?.value ?? reportSockets(relay, agent)
    const hint = this.utils.matcherHint('toHaveOneSocket', 'relay', agent ?? '', { isNot: this.isNot })
    return {
      pass,
      name: 'toHaveOneSocket',
      message: () => `${hint}\n\n${this.isNot ? 'Expected the opposite. ' : ''}${text}`,
    }
  },
})

const isList = (expected: ExpectedEvent | readonly ExpectedEvent[]): expected is readonly ExpectedEvent[] =>
  Array.isArray(expected)
