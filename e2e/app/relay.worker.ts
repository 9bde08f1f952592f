import 'tabmux/worker'

/** The name of the build, which makes the content of this file, and so its name, another in each. */
declare const BUILD: string
Object.assign(globalThis, { build: BUILD })

// A test can make the worker hang: it waits for a server that answers when the test lets it.
new BroadcastChannel('hang').addEventListener('message', ({ data }) => {
  const request = new XMLHttpRequest()
  request.open('GET', data, false)
  request.send()
})

// A test can make the worker say something on its console.
new BroadcastChannel('say').addEventListener('message', ({ data }) => console.warn(data, 7))
