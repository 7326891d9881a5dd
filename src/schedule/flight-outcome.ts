import type {ProviderError} from '../model/provider.ts'
import type {FlightOutcome} from './gate.ts'

/**
 * What a failed attempt means for all others: a refusal and a fault hold them up, anything else does not. `isOwn` for a
 * request that failed before while others were answered.
 */
export function outcomeOf(error: ProviderError, expectedTokens: number, isOwn: boolean): FlightOutcome {
  const {code, message: cause, retryAfterMs: hintMs, usage} = error
  if (code === 'aborted') return {type: 'aborted'}
  if (isRefusal(error)) return {type: 'refusal', hintMs, cause}
  const tokens = usage === undefined ? expectedTokens : usage.inputTokens + usage.outputTokens
  return error.isRetryable ? {type: 'fault', hintMs, cause, tokens, isOwn} : {type: 'answer', tokens}
}

/** Whether the server had no room: 429 and 529, and a 503 that says when to come back. */
export function isRefusal({code, isRetryable, retryAfterMs}: ProviderError): boolean {
  if (!isRetryable) return false
  return code === 'http-429' || code === 'http-529' || (code === 'http-503' && retryAfterMs !== undefined)
}
