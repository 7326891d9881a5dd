import {costUsd} from '../model/price.ts'
import {type PriceSettings, priceOf} from '../model/price-of.ts'
import type {StoredCompletion} from '../store/completion-store.ts'
import {formatUsd} from './format-amounts.ts'
import {displayPath} from './project.ts'

/** What was paid for a completion that the store lost, where the damaged text is, and how to buy it again. */
export function describeLost(
  {entries, listPath}: Extract<StoredCompletion, {readonly type: 'lost'}>,
  prices: PriceSettings | undefined,
  cwd: string,
): string {
  const last = entries.at(-1)
  const price = last === undefined ? undefined : priceOf(last.model, prices)
  const paid =
    last === undefined
      ? `by its list \`${displayPath(listPath, cwd)}\`, which cannot be read`
      : `on ${last.generated.slice(0, 10)} for ${price === undefined ? `${last.usage.inputTokens} input and ${last.usage.outputTokens} output tokens` : formatUsd(costUsd(last.usage, price))}`
  const aside = last?.movedTo === undefined ? '' : `, and was put aside in \`${displayPath(last.movedTo, cwd)}\``
  return `Cannot use its stored completion, bought ${paid}: the text is damaged or gone${aside}; restore it, or buy it again with --yes (\`msk-course store verify\` lists all damage)`
}
