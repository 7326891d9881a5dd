import type {Usage} from './completion.ts'

/** What a model costs, in US dollars per million tokens. */
export interface Price {
  readonly inputUsdPerMillion: number
  /** Input tokens that the provider had in its cache; default the input price. */
  readonly cachedInputUsdPerMillion?: number
  /** Reasoning tokens are output tokens. */
  readonly outputUsdPerMillion: number
  /** Day on which the price was looked up, ISO 8601; absent for a price from the config. */
  readonly asOf?: string
}

/** Cost of one call in US dollars. Cached input tokens are part of the input tokens and cost their own price. */
export function costUsd(usage: Usage, price: Price): number {
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens)
  return (
    ((usage.inputTokens - cached) * price.inputUsdPerMillion +
      cached * (price.cachedInputUsdPerMillion ?? price.inputUsdPerMillion) +
      usage.outputTokens * price.outputUsdPerMillion) /
    1_000_000
  )
}
