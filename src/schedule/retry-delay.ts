/** Longest pause between attempts that the program chooses by itself. */
const maxDelayMs = 60_000
const baseDelayMs = 1_000

/** Attempts at one request, the first included. */
export const maxAttempts = 6

/** A pause that a server may ask for; for a longer one the build stops and says when to come back. */
export const maxHintMs = 600_000

/**
 * Pause before attempt `attempt` (from 2), in milliseconds: the server's hint plus up to a tenth, else full jitter
 * between 0 and the exponential step. `random` gives numbers from 0 to below 1.
 */
export function retryDelayMs(attempt: number, hintMs: number | undefined, random: () => number): number {
  if (hintMs !== undefined) return Math.ceil(hintMs * (1 + random() / 10))
  return Math.ceil(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 2)))
}
