import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from './fakes/wire-client.js'
import { startRelay } from './index.js'

let folder: string
let database: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-'))
  database = join(folder, 'relay.db')
})
afterEach(() => rm(folder, { recursive: true }))

test('a relay on the file of another has its agents, channels and messages', async () => {
  const first = await startRelay({ database, agents: { alice: 'at_live_alice' }, channels: ['random'] })
  const { id } = first.post({ from: 'alice', channel: 'random', text: 'hello' })
  first.react({ from: 'alice', to: id, emoji: '👍' })
  await first.close()

  await using second = await startRelay({ database })
  const answer = await fetch(`${second.url}/v1/channels/random/messages`, {
    headers: { authorization: 'Bearer at_live_alice' },
  })
  expect(await answer.json()).toMatchObject({
    data: [{ id, text: 'hello', agent_name: 'alice', reactions: [{ emoji: '👍', count: 1 }] }],
  })
})

test('a relay on the file of another starts to count again', async () => {
  const first = await startRelay({ database, agents: { alice: 'at_live_alice' } })
  first.post({ from: 'alice', channel: 'general', text: 'hello' })
  await first.close()

  await using second = await startRelay({ database })
  const alice = await connect(second, 'alice')
  expect(await alice.resync(1)).toMatchObject({ current_seq: 0, replayed: 0, gap_detected: false })
})

test('relays with different databases give different ids', async () => {
  const idOfFirst = async () => {
    await using relay = await startRelay({ agents: { alice: 'at_live_alice' } })
    return relay.post({ from: 'alice', channel: 'general', text: 'hello' }).id
  }
  expect(await idOfFirst()).not.toBe(await idOfFirst())
})

test('a path that cannot be opened is refused', async () => {
  await expect(startRelay({ database: join(folder, 'missing', 'relay.db') })).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining("expected ':memory:' or the path of a database file"),
  })
})

test('a file that is no database is refused', async () => {
  await writeFile(database, 'this is no database, but a text that is long enough to have a header'.repeat(20))
  await expect(startRelay({ database })).rejects.toMatchObject({ code: 'database_unavailable' })
})
