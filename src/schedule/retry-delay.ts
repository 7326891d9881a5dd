/** Longest pause between attempts that the program chooses by itself. */
const maxDelayMs = 60_000
const baseDelayMs = 1_000

/** Attempts at one request, the first included. Refusals for a rate limit and plain 503 are counted apart. */
export const maxAttempts = 6

/** Refusals of one request while others are answered. */
const maxRefusals = 30

/** 503 to one request while others are answered: it says nothing of the request, and costs nothing. */
const maxUnavailable = 12

/** Answers to one request that are of no use and billed all the same. */
const maxInVain = 4

/** How attempts at one request ended so far. */
export interface AttemptCounts {
  readonly attempts: number
  readonly refusals: number
  readonly unavailable: number
  readonly inVain: number
}

/** Whether a request was tried as often as is of use. */
export function isTriedEnough({attempts, refusals, unavailable, inVain}: AttemptCounts): boolean {
  return (
    refusals >= maxRefusals ||
    unavailable >= maxUnavailable ||
    inVain >= maxInVain ||
    attempts - refusals - unavailable >= maxAttempts
  )
}

/** A pause that a server may ask for; for a longer one the build stops and says when to come back. */
export const maxHintMs = 600_000

/**
 * Pause after failure number `failures` (from 1), in milliseconds: full jitter between 0 and the exponential step, from
 * a base of 1 s to at most 60 s. `random` gives numbers from 0 to below 1.
 */
export function backoffMs(failures: number, random: () => number): number {
  return Math.ceil(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (failures - 1)))
}
