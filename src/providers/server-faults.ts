import type {APIError} from 'openai'

/** Whether a status may pass by itself: time-outs, conflicts, rate limits and faults of the server (529 is "overloaded"). */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
}

/** Whether a status means that every request would be refused alike: key, permission, model or parameter. */
export function isFatalStatus(status: number, error: APIError): boolean {
  if (status === 401 || status === 402 || status === 403 || status === 404 || status === 405) return true
  const {code, param} = error
  const names = ['model_not_found', 'unsupported_parameter', 'unsupported_value', 'unknown_parameter', 'invalid_model']
  return status === 400 && (names.includes(String(code)) || param === 'model')
}

/** Whether a status means that something in between gave up waiting, while the model may have gone on. */
export function isGivenUpStatus(status: number): boolean {
  return status === 408 || status === 502 || status === 504
}

/** A 429 that waiting does not mend: the account's money is used up. */
export function isPermanentRateLimit(error: APIError): boolean {
  return (
    error.status === 429 &&
    /insufficient_quota|billing_hard_limit|spend_limit/i.test(`${error.code} ${error.type} ${error.message}`)
  )
}

/**
 * Pause that a server asks for: `retry-after-ms`, else `retry-after` in seconds or as a date, in milliseconds.
 * Undefined when there is none, or when it is below zero, past or no number.
 */
export function retryAfterMs(headers: Headers | undefined, nowMs: number): number | undefined {
  const milliseconds = readNumber(headers?.get('retry-after-ms'))
  if (milliseconds !== undefined) return milliseconds
  const value = headers?.get('retry-after')
  const seconds = readNumber(value)
  if (seconds !== undefined) return seconds * 1000
  if (value === null || value === undefined || !/[a-z]/i.test(value)) return undefined
  const until = Date.parse(value) - nowMs
  return Number.isFinite(until) && until > 0 ? until : undefined
}

function readNumber(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
