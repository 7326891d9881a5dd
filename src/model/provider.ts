import type {Completion, ProviderName} from './completion.ts'
import type {Request} from './request.ts'

/** Something that answers requests. */
export interface Provider {
  readonly name: ProviderName
  /** One attempt, whole; rejects with a `ProviderError`. Retrying is the caller's. */
  complete(request: Request, options: {readonly signal: AbortSignal; readonly timeoutMs: number}): Promise<Completion>
}

export interface ProviderErrorOptions {
  /** `http-429`, `timeout`, `connection`, `bad-response`, `content-filter`, `truncated`, … */
  readonly code: string
  /** Whether another attempt may succeed. */
  readonly isRetryable: boolean
  /** Whether every other request would fail in the same way. */
  readonly isFatal?: boolean
  /** Pause that the server asked for, in milliseconds. */
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** Why an attempt gave no completion. Its message holds no secret. */
export class ProviderError extends Error {
  readonly code: string
  readonly isRetryable: boolean
  readonly isFatal: boolean
  readonly retryAfterMs: number | undefined

  constructor(message: string, options: ProviderErrorOptions) {
    super(message, options.cause === undefined ? {} : {cause: options.cause})
    this.name = 'ProviderError'
    this.code = options.code
    this.isRetryable = options.isRetryable
    this.isFatal = options.isFatal ?? false
    this.retryAfterMs = options.retryAfterMs
  }
}
