/** This package's worker, with what it writes to disk counted. It writes nothing before a tab is there. */
import 'tabmux/worker'
import { countWrites } from './counting.js'

countWrites()
