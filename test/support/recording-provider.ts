import type {Completion, Usage} from '../../src/model/completion.ts'
import {
  type AnnouncedLimit,
  type AnnouncedLimits,
  type AttemptOptions,
  type Provider,
  ProviderError,
  type ProviderErrorOptions,
} from '../../src/model/provider.ts'
import {type Request, requestAddress} from '../../src/model/request.ts'
import {TokenBucket} from '../../src/schedule/token-bucket.ts'
import type {FakeClock} from './fake-clock.ts'

/** One attempt as the provider saw it. */
export interface SeenAttempt {
  /** From 1, over all. */
  readonly number: number
  /** From 1, of this prompt. */
  readonly attempt: number
  readonly prompt: string
  readonly request: Request
  readonly sentMs: number
  endedMs: number
  /** `ok`, or the fault's code. */
  outcome: string
}

/** What an attempt gets: a text, or a text or fault with whatever else there is to say. */
export type Scripted =
  | string
  | {
      readonly text?: string
      readonly fault?: ProviderErrorOptions
      readonly usage?: Usage
      readonly latencyMs?: number
      readonly limits?: AnnouncedLimits
    }

export interface ProviderScript {
  /** Called when an attempt arrives. */
  answer(seen: SeenAttempt): Scripted
  /** Default 100. */
  readonly latencyMs?: number | (() => number)
  /** Time from here to the server; default 0. */
  readonly sendMs?: () => number
}

/** A provider that answers by script after a latency on the fake clock, and keeps what it was asked and when. */
export class RecordingProvider implements Provider {
  readonly name = 'openai'
  readonly seen: SeenAttempt[] = []
  inFlight = 0
  mostInFlight = 0
  private readonly attempts = new Map<string, number>()

  constructor(
    private readonly clock: FakeClock,
    private readonly script: ProviderScript,
  ) {}

  /** Attempts that ended in this way. */
  count(outcome: string): number {
    return this.seen.filter((seen) => seen.outcome === outcome).length
  }

  of(prompt: string): SeenAttempt[] {
    return this.seen.filter((seen) => seen.prompt === prompt)
  }

  async complete(request: Request, options: AttemptOptions): Promise<Completion> {
    const prompt = request.messages.at(-1)?.content ?? ''
    const attempt = (this.attempts.get(prompt) ?? 0) + 1
    this.attempts.set(prompt, attempt)
    const sentMs = this.clock.nowMs()
    const seen = {number: this.seen.length + 1, attempt, prompt, request, sentMs, endedMs: Number.NaN, outcome: 'open'}
    this.seen.push(seen)
    this.inFlight++
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight)
    try {
      const completion = await this.answer(seen, options)
      seen.outcome = 'ok'
      return completion
    } catch (error) {
      seen.outcome = error instanceof ProviderError ? error.code : 'thrown'
      throw error
    } finally {
      seen.endedMs = this.clock.nowMs()
      this.inFlight--
    }
  }

  private async answer(seen: SeenAttempt, {signal, timeoutMs, onLeft, onLimits}: AttemptOptions): Promise<Completion> {
    const {latencyMs = 100, sendMs} = this.script
    if (sendMs !== undefined) await this.clock.sleep(sendMs(), signal)
    onLeft?.()
    const scripted = this.script.answer(seen)
    const answer = typeof scripted === 'string' ? {text: scripted} : scripted
    const ownMs = answer.latencyMs ?? (typeof latencyMs === 'number' ? latencyMs : latencyMs())
    await this.clock.sleep(Math.min(ownMs, timeoutMs), signal)
    if (signal.aborted) throw new ProviderError('aborted', {code: 'aborted', isRetryable: false, billing: 'in-doubt'})
    if (ownMs >= timeoutMs) throw fault('timeout', {billing: 'in-doubt'})
    if (answer.limits !== undefined) onLimits?.(answer.limits)
    if (answer.fault !== undefined) throw new ProviderError(`fault ${answer.fault.code}`, answer.fault)
    return {
      request: requestAddress(seen.request),
      text: answer.text ?? `Text for ${seen.prompt}`,
      finish: 'stop',
      usage: answer.usage ?? {inputTokens: 10, outputTokens: 100},
      model: seen.request.model,
      provider: 'openai',
      generated: '2026-11-21T12:00:00.000Z',
    }
  }
}

/** A fault that may pass by itself, unless said otherwise. */
export function fault(code: string, options: Partial<ProviderErrorOptions> = {}): ProviderError {
  return new ProviderError(`fault ${code}`, {code, isRetryable: true, ...options})
}

/** A fault with a status, which may pass by itself unless said otherwise. */
export function http(
  status: number,
  options: {retryAfterMs?: number; isRetryable?: boolean; isFatal?: boolean} = {},
): Scripted {
  return {fault: {code: `http-${status}`, isRetryable: true, ...options}}
}

export interface ServerBucket {
  readonly burst: number
  readonly perSecond: number
}

export interface LimitedServerOptions {
  readonly requests?: ServerBucket
  readonly tokens?: ServerBucket
  /** Whether headers announce limits; default true. */
  readonly isAnnouncing?: boolean
  /** Whether a 429 says when to come back; default false. */
  readonly isHinting?: boolean
  /** Tokens of an attempt, input and output. */
  usage?(seen: SeenAttempt): Usage
}

/** A server with a bucket of requests and one of tokens, each emptied when an attempt arrives. */
export class LimitedServer {
  private readonly requests: TokenBucket | undefined
  private readonly tokens: TokenBucket | undefined

  constructor(
    private readonly clock: FakeClock,
    private readonly options: LimitedServerOptions,
  ) {
    this.requests = this.bucket(options.requests)
    this.tokens = this.bucket(options.tokens)
  }

  readonly answer = (seen: SeenAttempt): Scripted => {
    const nowMs = this.clock.nowMs()
    const usage = this.options.usage?.(seen) ?? {inputTokens: 10, outputTokens: 100}
    const cost = usage.inputTokens + usage.outputTokens
    const waitMs = Math.max(this.requests?.waitMs(1, nowMs) ?? 0, this.tokens?.waitMs(cost, nowMs) ?? 0)
    if (waitMs === 0) {
      this.requests?.take(1, nowMs)
      this.tokens?.take(cost, nowMs)
    }
    const limits = this.options.isAnnouncing === false ? {} : {limits: this.announced(nowMs)}
    if (waitMs === 0) return {usage, ...limits}
    const hint = this.options.isHinting === true ? {retryAfterMs: Math.ceil(waitMs)} : {}
    return {fault: {code: 'http-429', isRetryable: true, ...hint}, latencyMs: 20, ...limits}
  }

  private bucket(options: ServerBucket | undefined): TokenBucket | undefined {
    return options === undefined
      ? undefined
      : new TokenBucket(options.perSecond * 60, options.burst, this.clock.nowMs())
  }

  private announced(nowMs: number): AnnouncedLimits {
    return {
      ...(this.requests === undefined ? {} : {requests: announce(this.requests, nowMs)}),
      ...(this.tokens === undefined ? {} : {tokens: announce(this.tokens, nowMs)}),
    }
  }
}

function announce(bucket: TokenBucket, nowMs: number): AnnouncedLimit {
  const level = bucket.levelAt(nowMs)
  return {
    limit: bucket.perMinute,
    remaining: Math.max(0, Math.floor(level)),
    resetMs: Math.round(((bucket.burst - level) / bucket.perMinute) * 60_000),
  }
}
