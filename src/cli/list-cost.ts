import type {Usage} from '../model/completion.ts'
import type {JobId} from '../model/job.ts'
import {type ModelUsage, sumByModel, totalCostUsd} from '../model/model-usage.ts'
import {chaptersOf} from './book-chapters.ts'
import type {BookPlan} from './build-book.ts'
import {type BookEstimate, estimateBook, requestsOf} from './estimate-book.ts'
import {formatAmount, formatCount, roundUsd} from './format-amounts.ts'
import {priceLines, totalLine} from './spending-lines.ts'
import {textTable} from './text-table.ts'
import {writtenBy} from './written-by.ts'

/** What a directive's present text used; both null where there is no text, or none that a model or a draft wrote. */
export interface TextCost {
  readonly usage: Usage | null
  /** Null also where the model's price is not known. */
  readonly costUsd: number | null
}

/** What the text that stands for a directive cost by its recorded usage, at today's prices. */
export function textCost(id: JobId, book: BookPlan): TextCost {
  const spent = spentOn(id, book)
  if (spent === undefined) return {usage: null, costUsd: null}
  const cost = costOf([spent], book)
  return {usage: spent.usage, costUsd: cost === undefined ? null : roundUsd(cost)}
}

/** The cells of a directive's line: tokens in, cached and out, and dollars. */
export function costCells({usage, costUsd}: TextCost): string[] {
  if (usage === null) return ['-', '-', '-', '-']
  return [
    ...tokenCells(usage),
    costUsd === null ? 'unknown' : `${usage.estimated === true ? '~' : ''}${formatAmount(costUsd)}`,
  ]
}

/** Sums per chapter and book of what the texts cost, then what those to be made would cost. */
export function costLines(book: BookPlan, listed: ReadonlySet<JobId>): string[] {
  const {loaded, prices, usesModel} = book.context
  const rows: {title: string; spent: ModelUsage[]}[] = []
  for (const {title, jobs} of chaptersOf(loaded)) {
    const ids = jobs.map(({id}) => id).filter((id) => listed.has(id))
    if (ids.length > 0) rows.push({title: title || '(start)', spent: ids.flatMap((id) => spentOn(id, book) ?? [])})
  }
  const total = rows.flatMap(({spent}) => spent)
  const make = [...book.make].filter((id) => listed.has(id))
  const estimate = usesModel ? estimateBook(book, requestsOf(book, make)) : undefined
  const models = total.filter(({usage}) => usage.inputTokens + usage.outputTokens > 0).map(({model}) => model)
  return [
    ...textTable([
      ['chapter', 'texts', 'in', 'cached', 'out', '$'],
      ...[...rows, {title: `total of ${loaded.target.name}`, spent: total}].map(({title, spent}) => [
        title,
        formatCount(spent.length),
        ...sumCells(spent, book),
      ]),
    ]),
    ...toMakeLines(make.length, estimate),
    ...priceLines([...models, ...(estimate?.models ?? [])], prices),
  ]
}

function toMakeLines(count: number, estimate: BookEstimate | undefined): string[] {
  if (count === 0) return []
  const what = `missing or stale: ${count} ${count === 1 ? 'text' : 'texts'}`
  return estimate === undefined
    ? [`${what}, which would be drafts at no cost`, '`build --model NAME --dry-run` shows what a model would cost']
    : [what, `  at most ${totalLine(estimate.total)}`]
}

function sumCells(spent: readonly ModelUsage[], book: BookPlan): string[] {
  const [sum] = sumByModel(spent.map(({usage}) => ({model: '', usage})))
  const cost = costOf(spent, book)
  const isEstimated = sum?.usage.estimated === true
  return [
    ...tokenCells(sum?.usage ?? {inputTokens: 0, outputTokens: 0}),
    cost === undefined ? 'unknown' : `${isEstimated ? '~' : ''}${formatAmount(cost)}`,
  ]
}

function tokenCells({inputTokens, cachedInputTokens, outputTokens}: Usage): string[] {
  return [inputTokens, cachedInputTokens ?? 0, outputTokens].map(formatCount)
}

/** A draft used nothing, whatever the name of its model. */
function costOf(spent: readonly ModelUsage[], {context}: BookPlan): number | undefined {
  return totalCostUsd(
    spent.filter(({usage}) => usage.inputTokens + usage.outputTokens > 0),
    context.prices,
  )
}

function spentOn(id: JobId, {texts}: BookPlan): ModelUsage | undefined {
  const file = texts.get(id)?.file
  const model = file === undefined ? undefined : writtenBy(file)
  return file?.record === undefined || model === undefined ? undefined : {model, usage: file.record.usage}
}
