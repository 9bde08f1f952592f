/** The element in a page, with a relay that answers what a test says. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RelayReport } from '../bridge.js'
import { TabmuxError } from '../errors.js'
import type { RelayStatus } from '../events.js'
import { fullReport } from './fakes/report.js'
import { TabmuxInspector, type Inspectable } from './index.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  document.body.replaceChildren()
  vi.useRealTimers()
})

/** A relay whose answers and status are in the test's hands. */
class FakeRelay implements Inspectable {
  status: RelayStatus = { ...fullReport.status, position: null }
  answer: () => Promise<RelayReport> = async () => fullReport
  asked = 0
  readonly #handlers = new Set<(status: RelayStatus) => unknown>()
  readonly on: Inspectable['on'] = {
    status: (handler, { signal } = {}) => {
      this.#handlers.add(handler)
      const off = () => this.#handlers.delete(handler)
      signal?.addEventListener('abort', off)
      return off
    },
  }

  inspect(): Promise<RelayReport> {
    this.asked += 1
    return this.answer()
  }

  get listeners(): number {
    return this.#handlers.size
  }

  become(change: Partial<RelayStatus>): void {
    this.status = { ...this.status, ...change }
    for (const handler of this.#handlers) handler(this.status)
  }
}

const open = (relay: Inspectable | null = new FakeRelay()) => {
  const inspector = document.createElement('tabmux-inspector')
  inspector.relay = relay
  document.body.append(inspector)
  return inspector
}

/** The element in the shadow, which there has to be. */
const within = (inspector: TabmuxInspector, selector: string): HTMLElement => {
  const found = inspector.shadowRoot?.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`expected ${selector}, found none`)
  return found
}

const textOf = (inspector: TabmuxInspector, selector = '.inspector'): string =>
  within(inspector, selector).textContent

const press = (inspector: TabmuxInspector, name: string): void => {
  const button = [...(inspector.shadowRoot?.querySelectorAll('button') ?? [])].find(
    ({ textContent }) => textContent === name,
  )
  if (!button) throw new Error(`expected a button "${name}", found none`)
  button.click()
}

/** How often it asks while the time of three questions passes. */
const askedBy = async (relay: FakeRelay): Promise<number> => {
  const before = relay.asked
  await vi.advanceTimersByTimeAsync(1_500)
  return relay.asked - before
}

const animationFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

describe('what it shows', () => {
  test('is all of the report', async () => {
    const inspector = open()
    await expect.poll(() => textOf(inspector, '[aria-label="Tabs"] tbody')).toContain('2, this one')
    expect(textOf(inspector, 'tbody tr')).toMatch(/1since \S+1,500500No answer for 12 s/)
    expect(textOf(inspector)).toContain('agent_seq1,234')
    expect(textOf(inspector)).toContain('KeptIn memory: QuotaExceededError')
    expect(textOf(inspector, '[aria-label="Socket"]')).toContain('Closed, code 1012 (restart): restart')
    expect(textOf(inspector, '[aria-label="Resyncs"]')).toContain('counter reset (relay, 3 replayed)')
    expect(textOf(inspector, '[aria-label="Resyncs"]')).toContain('journal lost (journal, tab 2)')
    expect(textOf(inspector, '[aria-label="Dropped frames"]')).toContain('expected JSON')
    expect(textOf(inspector, '.chart')).toContain('12 a second')
    expect(within(inspector, '.chart svg').getAttribute('aria-label')).toContain('12 now, 12 at most')
    expect(inspector.shadowRoot?.querySelectorAll('rect')).toHaveLength(60)
  })

  test('is the newest first', async () => {
    const inspector = open()
    await expect.poll(() => textOf(inspector, '[aria-label="Socket"] li')).toContain('Could not connect')
  })

  test('is the state as soon as it changes, which is also said aloud', () => {
    const relay = new FakeRelay()
    const inspector = open(relay)
    expect(textOf(inspector, '[role="status"]')).toBe('Connected')
    relay.become({ state: 'reconnecting', attempt: 2 })
    expect(textOf(inspector, '[role="status"]')).toBe('Reconnecting, attempt 2')
  })

  test('is text, whatever it says', async () => {
    const relay = new FakeRelay()
    const reason = '<img src=x onerror="globalThis.hacked = true">'
    relay.answer = async () => ({ ...fullReport, dropped: [{ at: fullReport.at, reason, seq: 7 }] })
    const inspector = open(relay)
    await expect
      .poll(() => textOf(inspector, '[aria-label="Dropped frames"]'))
      .toContain(`agent_seq 7: ${reason}`)
    expect(inspector.shadowRoot?.querySelector('img')).toBeNull()
  })

  test('stays where it is while nothing changes', async () => {
    const relay = new FakeRelay()
    const inspector = open(relay)
    await expect.poll(() => textOf(inspector, 'tbody')).not.toBe('')
    const row = within(inspector, 'tbody tr')
    expect(await askedBy(relay)).toBe(3)
    expect(within(inspector, 'tbody tr')).toBe(row)
  })

  test('says that the hub does not answer, and goes on when it does', async () => {
    const relay = new FakeRelay()
    relay.answer = () => Promise.reject(new TabmuxError('worker_unresponsive', 'no'))
    const inspector = open(relay)
    await expect.poll(() => textOf(inspector, '.note')).toBe('No answer from the hub: worker_unresponsive')
    relay.answer = async () => fullReport
    await askedBy(relay)
    expect(textOf(inspector, '.note')).toBe('')
  })

  test('is that there is no relay', () => {
    expect(textOf(open(null))).toContain('No relay')
  })

  test('is nothing of the relay before', async () => {
    const inspector = open()
    await expect.poll(() => within(inspector, '.parts').checkVisibility()).toBe(true)
    inspector.relay = null
    expect(within(inspector, '.parts').checkVisibility()).toBe(false)
  })

  test.each([320, 390, 800, 1_440])('fits into %d pixels', async (width) => {
    const inspector = open()
    inspector.style.width = `${width}px`
    await expect.poll(() => textOf(inspector, 'tbody')).not.toBe('')
    expect(inspector.scrollWidth).toBeLessThanOrEqual(width)
    expect(within(inspector, 'table').getBoundingClientRect().right).toBeLessThanOrEqual(
      inspector.getBoundingClientRect().right,
    )
  })
})

describe('it asks', () => {
  test('again and again while it can be seen', async () => {
    const relay = new FakeRelay()
    open(relay)
    expect(relay.asked).toBe(1)
    expect(await askedBy(relay)).toBe(3)
  })

  test('nothing while it cannot be seen', async () => {
    const relay = new FakeRelay()
    const details = document.body.appendChild(document.createElement('details'))
    const inspector = document.createElement('tabmux-inspector')
    inspector.relay = relay
    details.append(inspector)
    expect(await askedBy(relay)).toBe(0)
    details.open = true
    expect(await askedBy(relay)).toBe(3)
  })

  test('nothing while it is paused', async () => {
    const relay = new FakeRelay()
    const inspector = open(relay)
    expect(await askedBy(relay)).toBe(3)
    press(inspector, 'Pause')
    expect(textOf(inspector, '.note')).toContain('Stopped at')
    expect(await askedBy(relay)).toBe(0)
    press(inspector, 'Go on')
    expect(await askedBy(relay)).toBe(3)
    expect(textOf(inspector, '.note')).toBe('')
  })

  test('nothing once it is removed, and goes on when it is back', async () => {
    const relay = new FakeRelay()
    const inspector = open(relay)
    expect(await askedBy(relay)).toBe(3)
    inspector.remove()
    expect(relay.listeners).toBe(0)
    expect(await askedBy(relay)).toBe(0)
    document.body.append(inspector)
    expect(relay.listeners).toBe(1)
    expect(await askedBy(relay)).toBe(3)
  })

  test('nothing of a relay that is closed', async () => {
    const relay = new FakeRelay()
    open(relay)
    expect(await askedBy(relay)).toBe(3)
    relay.become({ state: 'closed' })
    expect(await askedBy(relay)).toBe(0)
  })

  test('the relay that was set before the element was known', async () => {
    const early = document.createElement('early-inspector')
    const relay = new FakeRelay()
    Object.assign(early, { relay })
    document.body.append(early)
    customElements.define('early-inspector', class extends TabmuxInspector {})
    expect(relay.asked).toBe(1)
    expect(early).toHaveProperty('relay', relay)
  })
})

describe('its report', () => {
  test('is that of now, also while nothing is shown', async () => {
    const inspector = document.createElement('tabmux-inspector')
    inspector.relay = new FakeRelay()
    const { hub, page } = await inspector.report()
    expect(hub?.tabs).toEqual(fullReport.tabs)
    expect(page).toMatchObject({ problem: null, browser: navigator.userAgent })
  })

  test('is what was known, if the hub does not answer', async () => {
    const relay = new FakeRelay()
    const inspector = document.createElement('tabmux-inspector')
    inspector.relay = relay
    await inspector.report()
    relay.answer = () => Promise.reject(new TabmuxError('worker_unresponsive', 'no at_live_secret'))
    const report = await inspector.report()
    expect(report.hub?.at).toBe(fullReport.at)
    expect(report.page.problem).toBe('worker_unresponsive')
    expect(JSON.stringify(report)).not.toContain('at_live_secret')
  })

  test('says that there is no relay', async () => {
    const { hub, page } = await document.createElement('tabmux-inspector').report()
    expect([hub, page.problem]).toEqual([null, 'no_relay'])
  })
})

test('lists can be scrolled with the keyboard', async () => {
  const inspector = open()
  await animationFrame()
  for (const list of inspector.shadowRoot?.querySelectorAll('ol') ?? []) {
    list.focus()
    expect(inspector.shadowRoot?.activeElement).toBe(list)
  }
})
