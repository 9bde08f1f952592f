/** What the command and the tests use of the simulation: exports only. */
export { found } from './found.js'
export { describe, search } from './scenario.js'
export { simulate } from './world.js'
