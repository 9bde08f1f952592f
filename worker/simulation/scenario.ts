/**
 * A run as a value: how the relay is, and what happens in which order. fast-check makes scenarios from seeds, and
 * shrinks those that show a fault. A run follows from its scenario and from nothing else.
 */
import * as fc from 'fast-check'
import type { RelayTraits } from './relay.js'
import { steps, type StepName } from './steps.js'

/** What happens, its number (see `steps.ts`), and how many milliseconds pass before the next step. */
export type Step = readonly [name: StepName, number: number, wait: number]

/** See the head of this file. */
export interface Scenario {
  readonly relay: RelayTraits
  /** Seeds what is of no interest by itself: latencies, the kinds of events, the spread of delays. */
  readonly noise: number
  readonly steps: readonly Step[]
}

/** How many steps at the most. */
const STEPS = 120
/** Some within what a socket, a commit or a backoff takes, some beyond. */
const waits = fc.constantFrom(0, 1, 5, 20, 100, 400, 1_500, 8_000)

const relays: fc.Arbitrary<RelayTraits> = fc.boolean().chain((optionalFields) =>
  fc.record({
    ringSize: fc.integer({ min: 5, max: 44 }),
    replayLimit: fc.constant(200),
    optionalFields: fc.constant(optionalFields),
    // Without its time, a relay's clock may be behind by less than the margin.
    skew: optionalFields
      ? fc.integer({ min: -3_600_000, max: 3_600_000 })
      : fc.integer({ min: -40_000, max: 40_000 }),
  }),
)

const names = Object.keys(steps) as StepName[] // `Object.keys` cannot know that there are no others

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  ...names.map((name) => {
    const { weight, most } = steps[name]
    // fast-check takes whole weights.
    return { weight: weight * 10, arbitrary: fc.tuple(fc.constant(name), fc.nat(most), waits) }
  }),
)

/** Where shrinking goes on: runs of so many steps are left out, from this one on. */
interface Progress {
  readonly size: number
  readonly at: number
}

/**
 * Shrinks by leaving out runs of steps, first long ones, then single ones: of two hundred steps that say nothing a few
 * hundred tries leave none, where fast-check's own arrays, which shrink each step by itself, take thousands.
 */
class Scenarios extends fc.Arbitrary<Scenario> {
  readonly #whole = fc.record({
    relay: relays,
    noise: fc.nat(0xffff),
    steps: fc.array(anyStep, { maxLength: STEPS, size: 'max' }),
  })

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Scenario> {
    return new fc.Value(this.#whole.generate(random, bias).value, undefined)
  }

  override canShrinkWithoutContext(_: unknown): _ is Scenario {
    return false
  }

  override shrink(scenario: Scenario, context: unknown): fc.Stream<fc.Value<Scenario>> {
    return fc.stream(smaller(scenario, (context as Progress | undefined) ?? { size: 64, at: 0 })) // ours: see `smaller`
  }
}

/** The scenarios to try in place of one that fails; the first that fails too is shrunk further. */
function* smaller({ steps: all, ...rest }: Scenario, { size, at }: Progress): Generator<fc.Value<Scenario>> {
  for (; size >= 1; size = Math.floor(size / 2), at = 0) {
    for (; at < all.length; at += size) {
      const left = [...all.slice(0, at), ...all.slice(at + size)]
      yield new fc.Value({ ...rest, steps: left }, { size, at })
    }
  }
  const done: Progress = { size: 0, at: 0 }
  for (const [place, [name, number, wait]] of all.entries()) {
    for (const step of [[name, number, 0] as const, [name, 0, wait] as const])
      if (step[1] !== number || step[2] !== wait)
        yield new fc.Value({ ...rest, steps: all.with(place, step) }, done)
  }
  const { relay } = rest
  for (const plain of [
    { ...relay, skew: 0 },
    { ...relay, ringSize: 20 },
  ])
    if (plain.skew !== relay.skew || plain.ringSize !== relay.ringSize)
      yield new fc.Value({ ...rest, relay: plain, steps: all }, done)
}

/** How long a scenario is shrunk, in milliseconds. */
const SHRINK_MS = 30_000

/** What fast-check found from a seed. */
export interface Finding {
  readonly scenario: Scenario
  /** Where in the tree of shrunk scenarios it is: with it, the seed gives this scenario at once. */
  readonly path: string
}

/**
 * Tries the scenario of a seed. If it fails, smaller ones are tried as long as they fail too.
 *
 * @param fails says whether a scenario shows a fault
 * @param path of an earlier finding, which is then tried alone
 */
export const search = async (
  seed: number,
  fails: (scenario: Scenario) => Promise<boolean>,
  { shrinks = true, path }: { shrinks?: boolean; path?: string | undefined } = {},
): Promise<Finding | null> => {
  const property = fc.asyncProperty(new Scenarios(), async (scenario) => !(await fails(scenario)))
  const details = await fc.check(property, {
    seed,
    ...(path !== undefined && { path }),
    numRuns: 1,
    // A smaller scenario is worth so much time, and no more.
    interruptAfterTimeLimit: SHRINK_MS,
    // Biased values are small ones, which make short runs.
    unbiased: true,
    endOnFailure: !shrinks || path !== undefined,
  })
  if (!details.failed || !details.counterexample) return null
  return { scenario: details.counterexample[0], path: details.counterexamplePath ?? '0' }
}

/** A scenario as lines to read. */
export const describe = ({ relay, noise, steps: chosen }: Scenario): string[] => [
  `relay ${JSON.stringify(relay)}, noise ${noise}`,
  ...chosen.map(([name, number, wait]) => {
    const { most } = steps[name]
    return `${name}${most > 0 ? ` (${number})` : ''}${wait > 0 ? `, then ${wait} ms` : ''}`
  }),
]
