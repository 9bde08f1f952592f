/** The worker that holds the connection for all tabs. It has to be a file of the app, so that it is of its origin. */
import 'tabmux/worker'
