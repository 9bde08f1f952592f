/** Which tabs belong to one test: a failure of one shows what the others were told. */
import type { Tab } from './tab.js'

const groups = new WeakMap<Tab, readonly Tab[]>()

/** Puts a tab among those of its test. */
export const join = (tab: Tab, all: Tab[]): void => {
  all.push(tab)
  groups.set(tab, all)
}

/** All tabs of this one's test, in the order in which they were opened. */
export const siblingsOf = (tab: Tab): readonly Tab[] => groups.get(tab) ?? [tab]
