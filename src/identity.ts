/** Names an agent on its relay, for locks, databases and stored positions. No token is part of a name. */

const hex = (buffer: ArrayBuffer): string =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** `agent@relay` if the app names the agent, else a hash of its token in the agent's place. */
export const identify = async (
  baseUrl: string,
  agent: string | null,
  token: () => Promise<string>,
): Promise<string> => {
  const relay = baseUrl.replace(/^https?:\/\//, '')
  if (agent !== null) return `${agent}@${relay}`
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(await token()))
  return `sha256-${hex(digest).slice(0, 32)}@${relay}`
}
