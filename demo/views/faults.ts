/** Buttons that break things: the network, the relay, the worker. */
import { control } from '../api.js'
import { byId, h } from '../dom.js'

interface Fault {
  readonly label: string
  readonly hint: string
  readonly act: () => Promise<unknown> | unknown
}

const killWorker = () => {
  const channel = new BroadcastChannel('tabmux-demo:kill')
  channel.postMessage('kill')
  channel.close()
}

export const createFaults = (
  { reconnect, logout }: { readonly reconnect: () => void; readonly logout: () => Promise<void> },
  report: (text: string, failed: boolean) => void,
) => {
  const faults: readonly Fault[] = [
    { label: 'Cut network', hint: 'Ends the socket without a close frame', act: () => control('cut') },
    {
      label: 'Refuse 5 s',
      hint: 'Ends the socket and refuses new ones',
      act: () => control('refuse?ms=5000'),
    },
    { label: 'Restart relay', hint: 'Stops the relay and starts it again', act: () => control('restart') },
    { label: 'Reset counter', hint: 'The relay counts from 1 again', act: () => control('reset-counter') },
    { label: 'Bad frame', hint: 'The relay sends what is no message', act: () => control('bad-frame') },
    { label: 'Flood 1,000', hint: 'Sends 1,000 messages at once', act: () => control('flood?count=1000') },
    { label: 'Kill worker', hint: 'Ends the SharedWorker in mid-work', act: killWorker },
    { label: 'Reconnect', hint: 'Does not wait for the next attempt', act: reconnect },
    {
      label: 'Offline 30 s',
      hint: 'Server and relay cannot be reached: try to reload',
      act: () => control('offline?ms=30000'),
    },
    { label: 'Log out', hint: 'In all tabs; wipes what is stored', act: logout },
  ]
  const run = async ({ label, act }: Fault) => {
    try {
      report(label, false)
      await act()
    } catch (error) {
      report(error instanceof Error ? error.message : String(error), true)
    }
  }
  const list = byId('faults', HTMLElement)
  for (const fault of faults) {
    const button = h('button', { type: 'button', class: 'button', title: fault.hint }, fault.label)
    button.append(h('small', { 'aria-hidden': 'true' }, fault.hint))
    button.addEventListener('click', () => void run(fault))
    list.append(button)
  }
}
