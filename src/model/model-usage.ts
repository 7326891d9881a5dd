import type {Usage} from './completion.ts'
import {costUsd} from './price.ts'
import {type PriceSettings, priceOf} from './price-of.ts'

/** Tokens that a model used, of one call or of many. */
export interface ModelUsage {
  /** Name under which the model was asked for, by which it has its price. */
  readonly model: string
  readonly usage: Usage
}

/** Usage per model, each model once, in the order in which the models come first. */
export function sumByModel(spent: Iterable<ModelUsage>): ModelUsage[] {
  const sums = new Map<string, Usage>()
  for (const {model, usage} of spent) {
    const before = sums.get(model)
    sums.set(model, before === undefined ? usage : addUsage(before, usage))
  }
  return [...sums].map(([model, usage]) => ({model, usage}))
}

/** Cost in US dollars of all that was used; 0 for nothing, undefined where a model's price is not known. */
export function totalCostUsd(spent: Iterable<ModelUsage>, prices?: PriceSettings): number | undefined {
  let sum = 0
  for (const {model, usage} of spent) {
    const price = priceOf(model, prices)
    if (price === undefined) return undefined
    sum += costUsd(usage, price)
  }
  return sum
}

function addUsage(one: Usage, other: Usage): Usage {
  const sum = (key: 'cachedInputTokens' | 'reasoningTokens'): {[name in typeof key]?: number} =>
    one[key] === undefined && other[key] === undefined ? {} : {[key]: (one[key] ?? 0) + (other[key] ?? 0)}
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    ...sum('cachedInputTokens'),
    outputTokens: one.outputTokens + other.outputTokens,
    ...sum('reasoningTokens'),
    ...(one.estimated === true || other.estimated === true ? {estimated: true} : {}),
  }
}
