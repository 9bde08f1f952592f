/** A socket a tab: WebSocket, `JSON.parse`, and nothing else. */
import { openSocket, type Start } from './contestant.js'

export const start: Start = openSocket
