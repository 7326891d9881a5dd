import type {JobId} from '../model/job.ts'
import {type ModelUsage, totalCostUsd} from '../model/model-usage.ts'
import type {Range} from '../model/range.ts'
import type {BookText} from './book-texts.ts'
import type {BookPlan} from './build-book.ts'
import {addSpending, estimateBook, noSpending, requestsOf, type SpendingEstimate} from './estimate-book.ts'
import {wordsIn} from './text-size.ts'

/** What a whole book would be with one model, by a sample of it. */
export interface WholeEstimate {
  /** The texts of the sample: what they have and took. */
  readonly sample: SpendingEstimate
  /** What is still to be made. */
  readonly rest: SpendingEstimate
  /** Both, and what an author edited, as if all of it was bought from this model. */
  readonly whole: SpendingEstimate
  /** Models that would be asked. */
  readonly models: readonly string[]
}

/**
 * Estimates the book from the texts of its sample and those that stand: each text of the sample by what it took, the
 * others by the lengths and usages of both. `counted` are the directives of the sample whose texts a build would take.
 */
export function estimateWhole(
  book: BookPlan,
  sample: Pick<BookPlan, 'context' | 'texts' | 'judged'>,
  counted: Iterable<JobId>,
): WholeEstimate {
  const {context} = sample
  const texts = new Map<JobId, BookText>([...book.texts, ...sample.texts])
  const done = new Map<JobId, BookText>()
  for (const id of counted) {
    const text = sample.texts.get(id)
    if (text !== undefined) done.set(id, text)
  }
  const edited = [...book.texts].filter(([id, {isEdited}]) => isEdited && !done.has(id))
  const open = [...context.loaded.plan.jobs.keys()].filter((id) => !done.has(id) && texts.get(id)?.isEdited !== true)
  const seen = {context, texts, judged: new Map([...book.judged, ...sample.judged])}
  const rest = estimateBook(seen, requestsOf(seen, open))
  const made = spentOn(done.values(), context.prices)
  const kept = spentOn(
    edited.map(([, text]) => text),
    context.prices,
  )
  const free = {...kept, inputTokens: noSpending.words, outputTokens: noSpending.words, costUsd: noSpending.words}
  const whole = [made, rest.total, {...free, requests: 0}].reduce(addSpending)
  return {sample: made, rest: rest.total, whole, models: rest.models}
}

/** Texts as an estimate that is sure: their words, and what their requests used, at today's prices. */
function spentOn(texts: Iterable<BookText>, prices: BookPlan['context']['prices']): SpendingEstimate {
  const spent: ModelUsage[] = []
  let words = 0
  let requests = 0
  for (const {file} of texts) {
    words += wordsIn(file)
    const {record} = file
    if (record === undefined || record.provider === 'draft') continue
    requests++
    spent.push({model: record.basis.model, usage: record.usage})
  }
  const cost = totalCostUsd(spent, prices)
  const sumOf = (key: 'inputTokens' | 'outputTokens'): number => spent.reduce((sum, {usage}) => sum + usage[key], 0)
  return {
    requests,
    words: sure(words),
    inputTokens: sure(sumOf('inputTokens')),
    outputTokens: sure(sumOf('outputTokens')),
    costUsd: cost === undefined ? undefined : sure(cost),
  }
}

function sure(value: number): Range {
  return {low: value, expected: value, high: value}
}
