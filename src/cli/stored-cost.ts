import type {Usage} from '../model/completion.ts'
import {costUsd, type Price} from '../model/price.ts'
import {type PriceSettings, priceOf} from '../model/price-of.ts'
import type {CompletionEntry} from '../store/completion-entry.ts'

/** The price of a model; undefined where it is not known. */
export type PriceOf = (model: string) => Price | undefined

/** Tokens that completions took, and what they cost; null where the price of one is not known. */
export interface StoredCost {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | null
}

/** What completions took together. Drafts cost nothing. */
export function storedCost(entries: readonly CompletionEntry[], priceOf: PriceOf): StoredCost {
  let cost: number | null = 0
  for (const {usage, model, provider} of entries) {
    const price = provider === 'draft' ? undefined : priceOf(model)
    if (provider === 'draft') continue
    cost = cost === null || price === undefined ? null : cost + costUsd(usage, price)
  }
  const sum = (key: 'inputTokens' | 'outputTokens'): number =>
    entries.reduce((total, {usage}: {usage: Usage}) => total + usage[key], 0)
  return {inputTokens: sum('inputTokens'), outputTokens: sum('outputTokens'), costUsd: cost}
}

/** The cost in words: tokens, and US dollars or that the price is not known. */
export function describeCost({inputTokens, outputTokens, costUsd: usd}: StoredCost): string {
  const price = usd === null ? 'price unknown' : `about $${usd.toFixed(usd < 0.1 ? 4 : 2)}`
  return `${inputTokens} input and ${outputTokens} output tokens, ${price}`
}

/** Prices of models as they count for a store: the config's, else the default ones. */
export function pricesOf({prices}: {readonly prices: PriceSettings | undefined}): PriceOf {
  return (model) => priceOf(model, prices)
}
