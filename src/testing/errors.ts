/** The HTTP status that each error code is answered with. */
const statuses = {
  invalid_request: 400,
  unauthorized: 401,
  origin_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  upgrade_required: 426,
  internal_error: 500,
  database_unavailable: 500,
} as const

/** What went wrong, for programs; the message says it for people. */
export type RelayErrorCode = keyof typeof statuses

/** An error of the reference relay. Over HTTP it is `{ok: false, error: {code, message}}` with `status`. */
export class RelayError extends Error {
  /** `'RelayError'`, whatever minifiers make of the class. */
  override readonly name = 'RelayError'
  /** What went wrong. */
  readonly code: RelayErrorCode
  /** The HTTP status of the answer. */
  readonly status: number

  /** Errors are made by the relay; `status` follows from the code. */
  constructor(code: RelayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.status = statuses[code]
  }
}

/** How a value reads in an error message. */
export const describe = (value: unknown): string => {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value)
  }
  if (typeof value === 'string') return value === '' ? 'an empty string' : JSON.stringify(value.slice(0, 80))
  return Array.isArray(value) ? `an array of ${value.length}` : `a value of type ${typeof value}`
}
