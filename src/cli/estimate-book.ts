import type {JobId} from '../model/job.ts'
import {costUsd} from '../model/price.ts'
import {type PriceSettings, priceOf} from '../model/price-of.ts'
import {addRanges, noRange, type Range} from '../model/range.ts'
import type {Request} from '../model/request.ts'
import {type CompletionFact, CompletionHistory, type TextSort} from '../plan/completion-history.ts'
import {estimateJob, estimateWords, type JobEstimate} from '../plan/estimate-job.ts'
import {modelOf, wordBoundsOf} from '../plan/render-request.ts'
import {roughTokens} from '../plan/rough-tokens.ts'
import {chaptersOf} from './book-chapters.ts'
import {type BookPlan, planRequest} from './build-book.ts'
import {countWords} from './text-size.ts'
import {writtenBy} from './written-by.ts'

/** What making some texts would send, bring and cost. */
export interface SpendingEstimate {
  /** Requests that would be sent. */
  readonly requests: number
  /** Words that would come, those that the store has left out. */
  readonly words: Range
  readonly inputTokens: Range
  readonly outputTokens: Range
  /** Undefined where a model's price is not known. */
  readonly costUsd: Range | undefined
}

export interface ChapterEstimate extends SpendingEstimate {
  readonly title: string
}

export interface BookEstimate {
  /** Chapters of which something is to be made, in the outline's order. */
  readonly chapters: readonly ChapterEstimate[]
  readonly total: SpendingEstimate
  /** Models that would be asked, in the order in which they come first. */
  readonly models: readonly string[]
}

/** An estimate of nothing. */
export const noSpending: SpendingEstimate = {
  requests: 0,
  words: noRange,
  inputTokens: noRange,
  outputTokens: noRange,
  costUsd: noRange,
}

/** Latest texts of each kind that the history holds; more of them would say the same. */
const factsPerKind = 50

/** Estimates the requests, which are by job; the jobs of `free` cost nothing, and `times` has those sent more than once. */
export function estimateBook(
  book: Pick<BookPlan, 'context' | 'texts' | 'judged'>,
  requests: ReadonlyMap<JobId, Request>,
  free: ReadonlySet<JobId> = new Set(),
  times: ReadonlyMap<JobId, number> = new Map(),
): BookEstimate {
  const {loaded, prices, render} = book.context
  const history = historyOf(book)
  const models = new Set<string>()
  const chapters: ChapterEstimate[] = []
  for (const {title, jobs} of chaptersOf(loaded)) {
    const wanted = jobs.filter(({id}) => requests.has(id))
    if (wanted.length === 0) continue
    let sum = noSpending
    for (const job of wanted) {
      const request = requests.get(job.id)
      if (request === undefined || free.has(job.id)) continue
      const model = modelOf(job, render)
      models.add(model)
      const upstreamWords = job.dependsOn
        .filter((id) => !book.texts.has(id))
        .map((id) => estimateWords(sortOf(id, book), history))
        .reduce(addRanges, noRange)
      const {maxTokens} = request.limits
      const size = {
        ...sortOf(job.id, book),
        model,
        roughInputTokens: roughInput(request),
        upstreamWords,
        ...(maxTokens === undefined ? {} : {maxTokens}),
      }
      const once = spendingOf(estimateJob(size, history), model, prices)
      for (let number = times.get(job.id) ?? 1; number > 0; number--) sum = addSpending(sum, once)
    }
    chapters.push({title, ...sum})
  }
  return {chapters, total: chapters.reduce<SpendingEstimate>(addSpending, noSpending), models: [...models]}
}

/** The requests of some jobs as things stand now. */
export function requestsOf(book: Pick<BookPlan, 'context' | 'texts'>, ids: Iterable<JobId>): Map<JobId, Request> {
  const requests = new Map<JobId, Request>()
  for (const id of ids) {
    const job = book.context.loaded.plan.jobs.get(id)
    if (job !== undefined) requests.set(id, planRequest(job, book))
  }
  return requests
}

/** Sum of two estimates. */
export function addSpending(one: SpendingEstimate, other: SpendingEstimate): SpendingEstimate {
  const isKnown = one.costUsd !== undefined && other.costUsd !== undefined
  return {
    requests: one.requests + other.requests,
    words: addRanges(one.words, other.words),
    inputTokens: addRanges(one.inputTokens, other.inputTokens),
    outputTokens: addRanges(one.outputTokens, other.outputTokens),
    costUsd: isKnown ? addRanges(one.costUsd, other.costUsd) : undefined,
  }
}

/** Tokens that the server may have cached are counted in full: nothing tells before whether it will. */
function spendingOf(
  {words, inputTokens, outputTokens}: JobEstimate,
  model: string,
  prices: PriceSettings | undefined,
): SpendingEstimate {
  const price = priceOf(model, prices)
  const cost = (key: keyof Range): number =>
    price === undefined ? 0 : costUsd({inputTokens: inputTokens[key], outputTokens: outputTokens[key]}, price)
  return {
    requests: 1,
    words,
    inputTokens,
    outputTokens,
    costUsd: price === undefined ? undefined : {low: cost('low'), expected: cost('expected'), high: cost('high')},
  }
}

function sortOf(id: JobId, {context}: Pick<BookPlan, 'context'>): TextSort {
  const {jobs, others} = context.loaded.plan
  const job = jobs.get(id) ?? others?.get(id)?.job
  if (job === undefined) throw new Error(`Cannot estimate \`${id}\`, expected the id of a job`)
  const bounds = wordBoundsOf(job, context.render)
  return {kind: job.kind, container: job.directive.container, ...(bounds === undefined ? {} : {bounds})}
}

function roughInput({messages}: Request): number {
  return messages.reduce((sum, {content}) => sum + roughTokens(content), 0)
}

function historyOf(book: Pick<BookPlan, 'context' | 'texts' | 'judged'>): CompletionHistory {
  const facts: CompletionFact[] = []
  const countByKind = new Map<string, number>()
  const latestFirst = [...book.texts].toSorted(([, one], [, other]) =>
    (one.file.record?.generated ?? '') < (other.file.record?.generated ?? '') ? 1 : -1,
  )
  for (const [id, {file, isEdited}] of latestFirst) {
    const job = book.context.loaded.plan.jobs.get(id)
    const {record} = file
    if (job === undefined || record === undefined || record.provider === 'draft' || isEdited) continue
    const sort = sortOf(id, book)
    // Another length may have been asked for when a stale text was made.
    if (sort.bounds !== undefined && book.judged.get(id)?.state === 'stale') continue
    const count = countByKind.get(job.kind) ?? 0
    if (count >= factsPerKind) continue
    countByKind.set(job.kind, count + 1)
    facts.push({
      ...sort,
      provider: record.provider,
      model: writtenBy(file) ?? record.basis.model,
      roughInputTokens: roughInput(planRequest(job, book)),
      words: countWords(file.body),
      usage: record.usage,
    })
  }
  return new CompletionHistory(facts)
}
