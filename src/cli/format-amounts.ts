import type {Price} from '../model/price.ts'
import type {Range} from '../model/range.ts'

/** An amount in US dollars, without its sign, with as many decimals as its size asks for. */
export function formatAmount(usd: number): string {
  if (usd === 0) return '0.00'
  if (usd < 0.0001) return '<0.0001'
  return usd.toFixed(usd < 0.01 ? 4 : usd < 1 ? 3 : usd < 1000 ? 2 : 0)
}

/** An amount such as `$0.42`. */
export function formatUsd(usd: number): string {
  return usd > 0 && usd < 0.0001 ? '<$0.0001' : `$${formatAmount(usd)}`
}

/** An estimate such as `about $0.42 ($0.30 to $0.60)`. */
export function formatUsdRange({low, expected, high}: Range): string {
  return expected === 0 && high === 0
    ? formatUsd(0)
    : `about ${formatUsd(expected)} (${formatUsd(low)} to ${formatUsd(high)})`
}

/** A count, shortened from five digits on: `9999`, `12k`, `3.4M`. */
export function formatCount(count: number): string {
  const whole = Math.round(count)
  if (whole < 10_000) return String(whole)
  if (whole < 999_500) return `${Math.round(whole / 1000)}k`
  return `${(whole / 1_000_000).toFixed(whole < 99_950_000 ? 1 : 0)}M`
}

/** What is known of a model's price, for the reader: `` `gpt-5`: $1.25 in, $0.125 cached, $10 out per million tokens ``. */
export function describePrice(model: string, price: Price | undefined): string[] {
  if (price === undefined) return [`\`${model}\`: price unknown; set it with \`prices:\` in the config`]
  const {inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion, asOf} = price
  const cached = cachedInputUsdPerMillion === undefined ? '' : `, $${cachedInputUsdPerMillion} cached`
  const source = asOf === undefined ? "the config's price" : `default price as of ${asOf}`
  return [
    `\`${model}\`: ${source}`,
    `  $${inputUsdPerMillion} in${cached}, $${outputUsdPerMillion} out per million tokens`,
  ]
}

/** JSON's form of an amount: without the noise of binary fractions. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e9) / 1e9
}
