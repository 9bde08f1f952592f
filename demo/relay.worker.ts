import 'tabmux/worker'

// Only a demonstration needs this: a page has no way to kill a SharedWorker, so the worker does it itself.
new BroadcastChannel('tabmux-demo:kill').onmessage = () => self.close()
