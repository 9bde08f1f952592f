/** A socket a tab, with the client of the public SDK. */
import { WsClient } from '@relaycast/sdk'
import type { Start } from './contestant.js'

export const start: Start = async ({ baseUrl, token }, onEvent) => {
  const client = new WsClient({ baseUrl, token, reconnectBaseDelayMs: 1_000, reconnectJitter: false })
  client.on('message.created', (event) => 'message' in event && onEvent(event))
  client.on('dm.received', (event) => 'message' in event && onEvent(event))
  client.connect()
  await new Promise<void>((resolve) => client.on('open', () => resolve()))
}
