/** What this app's own server says: which relay, and a token for it that is soon over. */
export interface Session {
  readonly baseUrl: string
  readonly token: string
}

/** Asks anew each time: tokens are not kept. */
export const loadSession = async (): Promise<Session> => (await fetch('/api/session')).json()
