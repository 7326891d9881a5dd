import type {RunLedger} from '../schedule/run-ledger.ts'
import type {RunEvent} from '../schedule/run-plan.ts'
import {duration} from './duration.ts'
import {escapeTerminal} from './escape-terminal.ts'
import {formatCount, formatUsd} from './format-amounts.ts'
import type {Reporter} from './reporter.ts'

/** Milliseconds between plain lines where there is no terminal. */
const plainIntervalMs = 5_000
const liveIntervalMs = 100
/** Completions by which the rate is measured. */
const rateWindow = 64
/** Shorter waits would only flicker. */
const shownWaitMs = 300

export interface ProgressCounts {
  total: number
  done: number
  failed: number
  fromStore: number
  inFlight: number
}

/** Shows how a run goes: one live block on a terminal, else a plain line every few seconds. */
export class Progress {
  readonly counts: ProgressCounts = {total: 0, done: 0, failed: 0, fromStore: 0, inFlight: 0}
  private readonly startMs = performance.now()
  /** When the last completions of the provider arrived. */
  private readonly arrivals: number[] = []
  private ledger: RunLedger | undefined
  private waiting: {readonly untilMs: number; readonly reason: string} | undefined
  private timer: NodeJS.Timeout | undefined
  private live: {(text: string): void; clear(): void} | undefined
  private readonly onResize = (): void => this.live?.clear()

  constructor(
    private readonly reporter: Reporter,
    private readonly isQuiet: boolean,
  ) {}

  /** Begins to show a run of `total` jobs; the live block needs a terminal on stderr. */
  async start(total: number, ledger: RunLedger | undefined): Promise<void> {
    this.counts.total += total
    this.ledger = ledger
    if (this.isQuiet || this.timer !== undefined || total === 0) return
    if (process.stderr.isTTY === true && process.env.TERM !== 'dumb') {
      const {createLogUpdate} = await import('log-update')
      this.live = createLogUpdate(process.stderr)
      // What was drawn for another width is taken away before the terminal wraps it anew.
      process.stderr.on('resize', this.onResize)
      this.timer = setInterval(() => this.draw(), liveIntervalMs)
    } else this.timer = setInterval(() => this.reporter.info(this.plainLine()), plainIntervalMs)
    this.timer.unref()
  }

  on(event: RunEvent): void {
    const {counts} = this
    switch (event.type) {
      case 'sent':
        counts.inFlight++
        this.waiting = undefined
        break
      case 'answered':
        counts.inFlight--
        break
      case 'waiting':
        this.waiting = {untilMs: performance.now() + event.waitMs, reason: event.reason}
        break
      case 'retry':
        this.reporter.detail(
          `${event.id}: ${event.cause}; once more${event.waitMs === 0 ? '' : ` in ${(event.waitMs / 1000).toFixed(1)} s`}`,
        )
        break
      case 'result':
        counts.done++
        if (event.result.type === 'failed') counts.failed++
        else if (event.result.type === 'completed' && event.result.from === 'store') counts.fromStore++
        else this.arrivals.push(performance.now())
        if (this.arrivals.length > rateWindow) this.arrivals.shift()
    }
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    process.stderr.off('resize', this.onResize)
    this.live?.clear()
    this.live = undefined
  }

  private draw(): void {
    const columns = process.stderr.columns ?? 80
    const {total, done} = this.counts
    const width = Math.max(4, Math.min(30, columns - 40))
    const filled = total === 0 ? 0 : Math.floor((done / total) * width)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
    const lines = [`${bar} ${this.jobs().join(', ')}`, [...this.spending(), ...this.time()].join(', '), ...this.wait()]
    this.live?.(
      lines
        .map((line) => escapeTerminal(line))
        .map((line) => [...line].slice(0, Math.max(1, columns - 1)).join(''))
        .join('\n'),
    )
  }

  private plainLine(): string {
    return [...this.jobs(), ...this.spending(), ...this.time(), ...this.wait()].join(', ')
  }

  private jobs(): string[] {
    const {total, done, failed, fromStore, inFlight} = this.counts
    const retried = this.ledger?.retried ?? 0
    return [
      `${done}/${total}`,
      ...(inFlight > 0 ? [`${inFlight} in flight`] : []),
      ...(fromStore > 0 ? [`${fromStore} from store`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(retried > 0 ? [`${retried} ${retried === 1 ? 'retry' : 'retries'}`] : []),
    ]
  }

  private spending(): string[] {
    const {ledger} = this
    if (ledger === undefined || ledger.usage.size === 0) return []
    const {inputTokens, outputTokens} = ledger.totalUsage
    const cost = ledger.spentUsd
    return [
      `${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out`,
      ...(cost === undefined ? [] : [formatUsd(cost)]),
    ]
  }

  private time(): string[] {
    const elapsed = (performance.now() - this.startMs) / 1000
    const leftSeconds = this.leftSeconds()
    return [duration(elapsed), ...(leftSeconds === undefined ? [] : [`about ${duration(leftSeconds)} left`])]
  }

  /** By the rate of the last completions. */
  private leftSeconds(): number | undefined {
    const {total, done} = this.counts
    const [first] = this.arrivals
    if (first === undefined || this.arrivals.length < 3 || done >= total) return undefined
    const span = (performance.now() - first) / 1000
    return (span / (this.arrivals.length - 1)) * (total - done)
  }

  private wait(): string[] {
    const left = (this.waiting?.untilMs ?? 0) - performance.now()
    return this.waiting === undefined || left < shownWaitMs
      ? []
      : [`waiting ${Math.ceil(left / 1000)} s: ${this.waiting.reason}`]
  }
}
