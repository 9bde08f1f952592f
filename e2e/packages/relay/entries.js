// The entries that Node.js can load, loaded from the package as it is installed: no file of theirs is left out of it.
import { createTestRelay } from 'tabmux/testing/memory'

await Promise.all([
  import('tabmux'),
  import('tabmux/protocol'),
  import('tabmux/testing'),
  import('tabmux/trace'),
])

const { relay, post } = createTestRelay()
/** @type {string[]} */
const texts = []
relay.on.messageCreated(({ message }) => texts.push(message.text))
await post({ text: 'hello' })
relay.close()
if (texts.join() !== 'hello') throw new Error(`expected the message that was posted, got ${texts.join()}`)
