import { expect, test } from 'vitest'
import { version } from '../package.json'
import { VERSION } from './version.js'

test('the version is that of the package', () => {
  expect(VERSION).toBe(version)
})
