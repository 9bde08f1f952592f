/** What the dashboard's buttons do to the relay. */

const MOST_FLOODED = 20_000
const LONGEST_REFUSAL = 60_000
const LONGEST_ABSENCE = 120_000

/** @param {URLSearchParams} query @param {string} name @param {number} otherwise @param {number} most */
const numberOf = (query, name, otherwise, most) => {
  const value = Number(query.get(name) ?? otherwise)
  return Number.isInteger(value) && value > 0 ? Math.min(value, most) : otherwise
}

/**
 * The actions of `POST /control/:action`, and what ends them.
 *
 * @param {import('tabmux/testing').ReferenceRelay} relay
 * @param {string} agent The agent of the dashboard.
 * @param {{ unplug(): void, plug(): void }} network That of server and relay.
 */
export const createControls = (relay, agent, network) => {
  /** @type {NodeJS.Timeout | undefined} */
  let refusal
  /** @type {NodeJS.Timeout | undefined} */
  let absence
  /** @type {Promise<void> | undefined} */
  let restart

  /** @type {Readonly<Record<string, (query: URLSearchParams) => unknown>>} */
  const actions = {
    cut: () => relay.cut(agent),
    refuse: (query) => {
      clearTimeout(refusal)
      relay.refuse(true)
      relay.cut(agent)
      refusal = setTimeout(() => relay.refuse(false), numberOf(query, 'ms', 5_000, LONGEST_REFUSAL))
    },
    offline: (query) => {
      clearTimeout(absence)
      network.unplug()
      absence = setTimeout(network.plug, numberOf(query, 'ms', 30_000, LONGEST_ABSENCE))
    },
    restart: () => {
      restart ??= relay.restart().finally(() => {
        restart = undefined
      })
      return restart
    },
    'reset-counter': () => relay.resetCounter(agent),
    'bad-frame': () => relay.sendRaw(agent, JSON.stringify({ type: 'message.created', channel: 7 })),
    flood: (query) => {
      const count = numberOf(query, 'count', 1_000, MOST_FLOODED)
      for (let n = 1; n <= count; n += 1) {
        const text = `Log line ${n} of ${count}: compiled \`src/part-${n}.ts\``
        relay.post({ from: 'builder', channel: 'builds', text })
      }
    },
  }
  return {
    /** @param {string} name */
    named: (name) => (Object.hasOwn(actions, name) ? actions[name] : undefined),
    stop: () => {
      clearTimeout(refusal)
      clearTimeout(absence)
    },
  }
}
