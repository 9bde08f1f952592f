/** Whose events the page shows, and from where. */

export const baseUrl = new URLSearchParams(location.search).get('relay') ?? ''

export const token = 'at_live_alice'
