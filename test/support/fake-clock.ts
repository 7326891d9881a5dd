import type {Clock} from '../../src/schedule/clock.ts'

interface Sleeper {
  readonly atMs: number
  readonly wake: () => void
}

/** A clock on which no real time passes: `run` moves it to the next sleeper whenever nothing else can go on. */
export class FakeClock implements Clock {
  private now = 0
  private readonly sleepers = new Set<Sleeper>()

  constructor(private readonly epochMs = Date.UTC(2026, 10, 21, 12)) {}

  nowMs(): number {
    return this.now
  }

  dateMs(): number {
    return this.epochMs + this.now
  }

  /** Timers that nobody turned off. */
  get sleeping(): number {
    return this.sleepers.size
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`Unexpected sleep of \`${ms}\` ms, expected 0 or more`)
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve()
        return
      }
      const wake = (): void => {
        this.sleepers.delete(sleeper)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper = {atMs: this.now + ms, wake}
      this.sleepers.add(sleeper)
      signal.addEventListener('abort', wake, {once: true})
    })
  }

  /** Calls `act` once the clock stands at `atMs`. */
  at(atMs: number, act: () => void): void {
    void this.sleep(atMs - this.now, new AbortController().signal).then(act)
  }

  /** Moves the clock until `work` is settled; rejects when it waits for nothing that this clock could bring. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isSettled = false
    const settled = work.finally(() => {
      isSettled = true
    })
    settled.catch(() => undefined)
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      if (isSettled) return settled
      const next = this.nextSleeper()
      if (next === undefined) throw new Error(`Nothing moves at ${this.now} ms and the work is not done`)
      this.now = Math.max(this.now, next.atMs)
      next.wake()
    }
  }

  private nextSleeper(): Sleeper | undefined {
    let next: Sleeper | undefined
    for (const sleeper of this.sleepers) if (next === undefined || sleeper.atMs < next.atMs) next = sleeper
    return next
  }
}
