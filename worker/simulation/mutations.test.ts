import { expect, test } from 'vitest'
import { load } from './load.mjs'
import { mutations, searchMutation } from './mutations.mjs'

/** How far it is looked for, if the seed that once showed it no longer does. */
const SEEDS = 300

test.each(mutations)('a broken rule is found: $rule', { timeout: 300_000 }, async (mutation) => {
  expect(await searchMutation(await load(mutation), mutation, SEEDS)).not.toBeNull()
})
