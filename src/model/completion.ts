import type {ContentAddress} from './content-address.ts'

/** Tokens of one call; `estimated` where the server did not say. */
export interface Usage {
  readonly inputTokens: number
  readonly cachedInputTokens?: number
  readonly outputTokens: number
  readonly estimated?: boolean
}

export type FinishReason = 'stop' | 'length' | 'content_filter' | 'other'

/** A model's answer to a request, as it came. */
export interface Completion {
  readonly request: ContentAddress
  readonly text: string
  readonly finish: FinishReason
  readonly usage: Usage
  /** Model that the server named, else the one that was asked for. */
  readonly model: string
  readonly provider: ProviderName
  /** ISO 8601 time at which it arrived. */
  readonly generated: string
}

export type ProviderName = 'openai' | 'draft'
