/**
 * A bucket of permits that fills at a steady rate up to its burst. Its level may go below zero: what was taken on an
 * estimate and cost more is paid back by waiting.
 */
export class TokenBucket {
  private perMs: number
  private most: number
  private level: number
  private atMs: number

  /** `perMinute` and `burst` above zero; the bucket begins full. */
  constructor(perMinute: number, burst: number, nowMs: number) {
    this.perMs = perMinute / 60_000
    this.most = Math.max(1, burst)
    this.level = this.most
    this.atMs = nowMs
  }

  get perMinute(): number {
    return this.perMs * 60_000
  }

  get burst(): number {
    return this.most
  }

  /** Permits that are free at `nowMs`; below zero while a debt is paid back. */
  levelAt(nowMs: number): number {
    return Math.min(this.most, this.level + Math.max(0, nowMs - this.atMs) * this.perMs)
  }

  /** Milliseconds from `nowMs` until `cost` may be taken; 0 when it may be now. More than the burst waits for a full bucket. */
  waitMs(cost: number, nowMs: number): number {
    const lacking = Math.min(cost, this.most) - this.levelAt(nowMs)
    // A sum of many small refills falls short by rounding alone.
    return lacking <= 1e-9 ? 0 : lacking / this.perMs
  }

  /** Takes `cost`, or gives back where it is below zero. */
  take(cost: number, nowMs: number): void {
    this.setLevel(this.levelAt(nowMs) - cost, nowMs)
  }

  setLevel(level: number, nowMs: number): void {
    this.level = Math.min(level, this.most)
    this.atMs = nowMs
  }

  /** Changes rate and burst; the level stays as it is, at most the new burst. */
  reshape(perMinute: number, burst: number, nowMs: number): void {
    const level = this.levelAt(nowMs)
    this.perMs = perMinute / 60_000
    this.most = Math.max(1, burst)
    this.setLevel(level, nowMs)
  }
}
