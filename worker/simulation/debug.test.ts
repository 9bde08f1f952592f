import { test } from 'vitest'
import { simulate } from './world.js'
test('debug', async () => {
  const o = await simulate(Number(process.env['SEED']), 60, (line) => console.log(line))
  console.log(o.steps.join('\n'))
  console.log(JSON.stringify(o.faults))
})
