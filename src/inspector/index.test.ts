import { expect, test } from 'vitest'

test('on a server, where there are no elements, the import defines nothing and does no harm', async () => {
  expect(typeof HTMLElement).toBe('undefined')
  const { TabmuxInspector } = await import('./index.js')
  expect(TabmuxInspector.name).toBe('TabmuxInspector')
})
