/** Time as the scheduler sees it; tests hand in one that they move. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  nowMs(): number
  /** Milliseconds since the epoch, for what people read. */
  dateMs(): number
  /** Resolves after `ms`, or at once when `signal` fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}
