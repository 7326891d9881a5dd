import {createHash} from 'node:crypto'
import type {ContentAddress} from './content-address.ts'

/** Tokens of one call; `estimated` where the server did not say. */
export interface Usage {
  readonly inputTokens: number
  readonly cachedInputTokens?: number
  /** Reasoning included. */
  readonly outputTokens: number
  readonly reasoningTokens?: number
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
  /** Address of an earlier completion of the same request, which it was asked to mend. */
  readonly mends?: ContentAddress
  /** Address of the request that brought it, where that is not `request` itself. */
  readonly asked?: ContentAddress
}

export type ProviderName = 'openai' | 'draft'

/** Address of a raw completion: SHA-256 of its text's UTF-8 bytes, as they came. Equal texts have equal addresses. */
export function completionAddress(text: string): ContentAddress {
  return createHash('sha256').update(text.toWellFormed(), 'utf8').digest('hex') as ContentAddress
}
