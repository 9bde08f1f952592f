import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { RelayError } from './errors.js'

/** The origins that may use the relay; undefined lets all. */
type AllowedOrigins = readonly string[] | undefined

/** Programs that are no browser send no origin. */
const isAllowed = (origin: string | undefined, allowed: AllowedOrigins): boolean =>
  allowed === undefined || origin === undefined || allowed.includes(origin)

/**
 * Lets a request through if its page may use the relay.
 *
 * @throws RelayError `origin_not_allowed`
 */
export const checkOrigin = ({ origin }: IncomingHttpHeaders, allowed: AllowedOrigins): void => {
  if (isAllowed(origin, allowed)) return
  throw new RelayError('origin_not_allowed', `origin: expected one of ${allowed?.join(', ')}, got ${origin}`)
}

/** The headers that let a page of an allowed origin read the answer. */
export const corsHeaders = ({ origin }: IncomingHttpHeaders, allowed: AllowedOrigins): OutgoingHttpHeaders =>
  origin !== undefined && isAllowed(origin, allowed)
    ? { 'access-control-allow-origin': origin, vary: 'Origin' }
    : {}

/** What the answer to a preflight request has beside {@link corsHeaders}. */
export const preflightHeaders = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => ({
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  // The public SDK sends headers of its own, and more come with its versions.
  'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
  'access-control-max-age': '600',
})
