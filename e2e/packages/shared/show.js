/**
 * Shows what a tab gets, for the test to see.
 * @param {import('tabmux').Relay} relay
 */
export const show = (relay) => {
  /** @param {string} text */
  const write = (text) => {
    const line = document.createElement('p')
    line.textContent = text
    document.body.append(line)
  }
  relay.on.messageCreated(({ message, channel }) => write(`${channel}: ${message.text}`))
  // Neither is expected; where one comes it is among the lines.
  relay.on.resynced(({ gapDetected, cause }) => gapDetected && write(`gap: ${cause}`))
  relay.on.error(({ code, message }) => write(`error: ${code}, ${message}`))
  void relay.ready.then(() => document.body.classList.add('ready'))
}
