import 'tabmux/worker'

// A test can end the worker, which is known by its name.
new BroadcastChannel(`end ${name}`).addEventListener('message', () => close())
