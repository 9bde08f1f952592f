import 'tabmux/worker'

// A test can make the worker hang: it waits for a server that answers when the test lets it.
new BroadcastChannel('hang').addEventListener('message', ({ data }) => {
  const request = new XMLHttpRequest()
  request.open('GET', data, false)
  request.send()
})
