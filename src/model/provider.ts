import type {Completion, ProviderName, Usage} from './completion.ts'
import type {Request} from './request.ts'

/** What a server says of one of its limits; whatever it does not say, or says wrong, is absent. */
export interface AnnouncedLimit {
  /** Permits a minute, or in a longer window where `resetMs` is longer. */
  readonly limit?: number
  readonly remaining?: number
  /** Milliseconds until all permits are back; no time to wait. */
  readonly resetMs?: number
}

/** The limits in the headers of one answer. */
export interface AnnouncedLimits {
  readonly requests?: AnnouncedLimit
  readonly tokens?: AnnouncedLimit
}

export interface AttemptOptions {
  /** Ends the attempt at once. */
  readonly signal: AbortSignal
  /** Time limit of the whole attempt, the answer's body included. */
  readonly timeoutMs: number
  /** Called when all of the request is on its way over a connection that stands: from now on it may be answered or refused. */
  onLeft?(): void
  /** Called when an answer, good or bad, announces limits. */
  onLimits?(limits: AnnouncedLimits): void
}

/** Something that answers requests. */
export interface Provider {
  readonly name: ProviderName
  /** One attempt, whole; rejects with a `ProviderError`. Retrying is the caller's. */
  complete(request: Request, options: AttemptOptions): Promise<Completion>
}

/**
 * What a failed attempt may have cost: nothing; as much as a completion, for the request was out and no whole answer
 * came (`in-doubt`); or its usage, for an answer came that is of no use (`billed`).
 */
export type Billing = 'free' | 'in-doubt' | 'billed'

export interface ProviderErrorOptions {
  /** `http-429`, `timeout`, `connection`, `bad-response`, `content-filter`, `truncated`, … */
  readonly code: string
  /** Whether another attempt may succeed. */
  readonly isRetryable: boolean
  /** Whether every other request would fail in the same way. */
  readonly isFatal?: boolean
  /** Pause that the server asked for, in milliseconds. */
  readonly retryAfterMs?: number
  /** Default `free`. */
  readonly billing?: Billing
  /** Usage of an answer that is of no use. */
  readonly usage?: Usage
  readonly cause?: unknown
}

/** Why an attempt gave no completion. Its message holds no secret. */
export class ProviderError extends Error {
  readonly code: string
  readonly isRetryable: boolean
  readonly isFatal: boolean
  readonly retryAfterMs: number | undefined
  readonly billing: Billing
  readonly usage: Usage | undefined

  constructor(message: string, options: ProviderErrorOptions) {
    super(message, options.cause === undefined ? {} : {cause: options.cause})
    this.name = 'ProviderError'
    this.code = options.code
    this.isRetryable = options.isRetryable
    this.isFatal = options.isFatal ?? false
    this.retryAfterMs = options.retryAfterMs
    this.billing = options.billing ?? 'free'
    this.usage = options.usage
  }
}
