/** A provider's limit: how much may be taken at once, and how much comes back in a second. */
export interface BucketLimit {
  readonly capacity: number
  readonly perSecond: number
}

/** The bucket of the loopback server for requests or tokens; full at first, refilled evenly. */
export class ServerBucket {
  private level: number
  private atMs: number

  constructor(
    readonly limit: BucketLimit,
    nowMs: number,
  ) {
    this.level = limit.capacity
    this.atMs = nowMs
  }

  /** Milliseconds until so much can be taken; `0` when it can be taken now. */
  waitMs(cost: number, nowMs: number): number {
    this.refill(nowMs)
    return this.level >= cost ? 0 : Math.ceil(((cost - this.level) / this.limit.perSecond) * 1000)
  }

  /** Takes what `waitMs` said is there. */
  take(cost: number): void {
    this.level -= cost
  }

  /** What a provider says of this limit with each answer, 429s included; `name` is `requests` or `tokens`. */
  headers(name: string, nowMs: number): Record<string, string> {
    this.refill(nowMs)
    const fullInMs = ((this.limit.capacity - this.level) / this.limit.perSecond) * 1000
    return {
      [`x-ratelimit-limit-${name}`]: String(Math.round(this.limit.perSecond * 60)),
      [`x-ratelimit-remaining-${name}`]: String(Math.floor(this.level)),
      [`x-ratelimit-reset-${name}`]: formatWait(fullInMs),
    }
  }

  private refill(nowMs: number): void {
    const gained = ((nowMs - this.atMs) / 1000) * this.limit.perSecond
    this.level = Math.min(this.limit.capacity, this.level + gained)
    this.atMs = nowMs
  }
}

/** A duration as rate limit headers write it: `33ms`, `1.2s`, `6m0s`. */
export function formatWait(ms: number): string {
  const whole = Math.ceil(ms)
  if (whole < 1000) return `${whole}ms`
  const seconds = whole / 1000
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round((seconds - minutes * 60) * 1000) / 1000
  return minutes === 0 ? `${rest}s` : `${minutes}m${rest}s`
}
