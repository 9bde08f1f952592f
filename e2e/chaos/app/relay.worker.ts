import './worker-faults.js'
import 'tabmux/worker'
