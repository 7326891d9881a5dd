import {type PriceSettings, priceOf} from '../model/price-of.ts'
import type {BookEstimate, SpendingEstimate} from './estimate-book.ts'
import {describePrice, formatAmount, formatCount, formatUsdRange} from './format-amounts.ts'
import {pagesOf} from './text-size.ts'
import {textTable} from './text-table.ts'

const head = ['chapter', 'requests', 'words', 'pages', 'in', 'out']

/** What a book would cost, chapter by chapter, as lines of at most 80 columns. */
export function spendingLines({chapters, total}: BookEstimate): string[] {
  const isPriced = [...chapters, total].some(({costUsd}) => costUsd !== undefined)
  const rows = [
    ...chapters.map((chapter) => ({...chapter, title: chapter.title || '(start)'})),
    {...total, title: 'total'},
  ]
  return [
    ...textTable([
      [...head, ...(isPriced ? ['low', 'expected', 'high'] : [])],
      ...rows.map(({title, ...spending}) => [title, ...sizes(spending), ...(isPriced ? costs(spending) : [])]),
    ]),
    `in and out are tokens${isPriced ? '; low, expected and high are US dollars' : ''}`,
  ]
}

/** A line for all that would be spent: requests, words, pages, tokens and cost. */
export function totalLine({requests, words, inputTokens, outputTokens, costUsd}: SpendingEstimate): string {
  const cost = costUsd === undefined ? 'cost unknown' : formatUsdRange(costUsd)
  return `${requests} ${requests === 1 ? 'request' : 'requests'}, about ${formatCount(words.expected)} words, ${formatCount(inputTokens.expected)} input and ${formatCount(outputTokens.expected)} output tokens: ${cost}`
}

/** The price of each model that would be asked, and how old it is. */
export function priceLines(models: Iterable<string>, prices: PriceSettings | undefined): string[] {
  return [...new Set(models)].flatMap((model) => describePrice(model, priceOf(model, prices)))
}

function sizes({requests, words, inputTokens, outputTokens}: SpendingEstimate): string[] {
  return [
    formatCount(requests),
    formatCount(words.expected),
    requests === 0 ? '0' : formatCount(pagesOf(words.expected)),
    formatCount(inputTokens.expected),
    formatCount(outputTokens.expected),
  ]
}

function costs({costUsd}: SpendingEstimate): string[] {
  if (costUsd === undefined) return ['unknown', 'unknown', 'unknown']
  return [costUsd.low, costUsd.expected, costUsd.high].map(formatAmount)
}
