import type {JobId} from '../model/job.ts'
import type {RunEvent} from '../schedule/run-plan.ts'
import {duration} from './duration.ts'
import {escapeTerminal} from './escape-terminal.ts'
import type {Reporter} from './reporter.ts'

/** Milliseconds between plain lines where there is no terminal. */
const plainIntervalMs = 5_000
const liveIntervalMs = 100

export interface ProgressCounts {
  total: number
  done: number
  failed: number
  fromStore: number
  inFlight: number
  sent: number
  retried: number
  rateLimited: number
}

/** Shows how a run goes: one live block on a terminal, else a plain line every few seconds. */
export class Progress {
  readonly counts: ProgressCounts = {
    total: 0,
    done: 0,
    failed: 0,
    fromStore: 0,
    inFlight: 0,
    sent: 0,
    retried: 0,
    rateLimited: 0,
  }
  private readonly startMs = performance.now()
  private readonly failures = new Map<JobId, string>()
  private waiting: {readonly untilMs: number; readonly cause: string} | undefined
  private timer: NodeJS.Timeout | undefined
  private live: {(text: string): void; clear(): void} | undefined

  constructor(
    private readonly reporter: Reporter,
    private readonly isQuiet: boolean,
  ) {}

  /** Begins to show; the live block needs a terminal on stderr. */
  async start(total: number): Promise<void> {
    this.counts.total += total
    if (this.isQuiet || this.timer !== undefined || total === 0) return
    if (process.stderr.isTTY === true) {
      const {createLogUpdate} = await import('log-update')
      this.live = createLogUpdate(process.stderr)
      this.timer = setInterval(() => this.draw(), liveIntervalMs)
    } else this.timer = setInterval(() => this.reporter.info(this.line()), plainIntervalMs)
    this.timer.unref()
  }

  on(event: RunEvent): void {
    const {counts} = this
    switch (event.type) {
      case 'sent':
        counts.sent++
        counts.inFlight++
        this.waiting = undefined
        break
      case 'answered':
        counts.inFlight--
        break
      case 'retry':
        counts.retried++
        if (event.isRateLimit) counts.rateLimited++
        this.waiting = {untilMs: performance.now() + event.waitMs, cause: event.cause}
        this.reporter.detail(`${event.id}: ${event.cause}; next attempt in ${(event.waitMs / 1000).toFixed(1)} s`)
        break
      case 'result':
        counts.done++
        if (event.result.type === 'failed') {
          counts.failed++
          this.failures.set(event.result.id, event.result.cause.message)
        } else if (event.result.type === 'completed' && event.result.from === 'store') counts.fromStore++
    }
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.live?.clear()
  }

  private draw(): void {
    const {counts} = this
    const columns = process.stderr.columns ?? 80
    const width = Math.max(10, Math.min(30, columns - 40))
    const filled = counts.total === 0 ? 0 : Math.round((counts.done / counts.total) * width)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
    const lines = [`${bar} ${this.line()}`]
    const {waiting} = this
    if (waiting !== undefined && waiting.untilMs > performance.now()) {
      lines.push(`waiting ${Math.ceil((waiting.untilMs - performance.now()) / 1000)} s: ${waiting.cause}`)
    }
    this.live?.(lines.map((line) => escapeTerminal(line).slice(0, columns - 1)).join('\n'))
  }

  private line(): string {
    const {total, done, failed, fromStore, inFlight} = this.counts
    const elapsed = (performance.now() - this.startMs) / 1000
    const left = done > 2 && done < total ? `, about ${duration(((total - done) * elapsed) / done)} left` : ''
    const parts = [
      `${done}/${total}`,
      ...(inFlight > 0 ? [`${inFlight} in flight`] : []),
      ...(fromStore > 0 ? [`${fromStore} from store`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      duration(elapsed),
    ]
    return parts.join(', ') + left
  }
}
