/** Retries that may be made before any answer came. */
const firstRetries = 20
/** Retries that each answer adds, so that retries are at most about a third of all that is sent. */
const perAnswer = 0.5
const most = 60

/**
 * Bounds the retries of a whole run, so that a server in trouble does not get several times the load. When it is used
 * up, retries go one at a time.
 */
export class RetryBudget {
  private left = firstRetries
  private inFlight = 0

  answer(): void {
    this.left = Math.min(most, this.left + perAnswer)
  }

  /** Whether a retry may leave now; one that does is handed back with `end`. */
  get isFree(): boolean {
    return this.left >= 1 || this.inFlight === 0
  }

  begin(): void {
    this.left = Math.max(0, this.left - 1)
    this.inFlight++
  }

  end(): void {
    this.inFlight--
  }
}
