import {defaultPrices} from './default-prices.ts'
import type {Price} from './price.ts'

/** Prices by model as a config gives them, in US dollars per million tokens. */
export type PriceSettings = Readonly<
  Record<string, {readonly input: number; readonly cachedInput?: number | undefined; readonly output: number}>
>

/**
 * Price of a model by its name, whatever server answers: the config's, else the table's. A snapshot whose name ends in
 * a date (`gpt-4o-mini-2024-07-18`) has the price of the model before the date where it has none of its own. Undefined
 * where the price is not known, which is never the same as 0.
 */
export function priceOf(model: string, settings: PriceSettings = {}): Price | undefined {
  const base = /^(.+)-\d{4}-\d{2}-\d{2}$/.exec(model)?.[1]
  return exactPrice(model, settings) ?? (base === undefined ? undefined : exactPrice(base, settings))
}

function exactPrice(model: string, settings: PriceSettings): Price | undefined {
  // A model may be called `constructor`.
  const own = Object.hasOwn(settings, model) ? settings[model] : undefined
  if (own === undefined) return Object.hasOwn(defaultPrices, model) ? defaultPrices[model] : undefined
  return {
    inputUsdPerMillion: own.input,
    outputUsdPerMillion: own.output,
    ...(own.cachedInput === undefined ? {} : {cachedInputUsdPerMillion: own.cachedInput}),
  }
}
